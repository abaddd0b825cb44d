"""Period: the time and environment that a call asks about. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from analytics.rfc3339 import unix_ns


@dataclass(frozen=True, slots=True)
class Period:
    """What happened in [start, end), aware, in an environment; '' is every one."""

    start: datetime
    end: datetime
    environment: str = ""

    @property
    def parameters(self) -> Mapping[str, object]:
        """The parameters of statements; nothing is stored of a time before 1970."""
        return {
            "environment": self.environment,
            "from_ns": max(0, unix_ns(self.start)),
            "until_ns": max(0, unix_ns(self.end)),
        }
