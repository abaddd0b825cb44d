"""Whose data is deleted."""

from dataclasses import dataclass, field
from hashlib import sha256
from typing import Literal

SubjectKind = Literal["user", "session"]


@dataclass(frozen=True)
class Subject:
    """A user or a session of one project, as the canonical fields name them."""

    project: str
    kind: SubjectKind
    value: str = field(repr=False)

    @property
    def digest(self) -> str:
        """What may be kept of it."""
        return sha256(self.value.encode()).hexdigest()

    @property
    def parameters(self) -> dict[str, object]:
        """For the statements of this package."""
        return {"project": self.project, "kind": self.kind, "value": self.value}
