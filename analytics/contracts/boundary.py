"""Boundary: where one side hands something to another. Pure."""

from typing import Literal, NamedTuple

from analytics.fingerprint import fingerprint

Side = Literal["input", "output"]


class Boundary(NamedTuple):
    """One side of a call. Unknown names are ''.

    Parameters
    ----------
    kind
        ``tool``, ``handoff`` or ``agent``.
    agent
        Who calls the tool, who hands over, or the agent itself.
    name
        The tool, whom it is handed to, or '' of an agent.
    side
        ``input`` is what it is given, ``output`` what comes back.
    version
        Of the agent's software: what a version has learned says nothing of the next.
    """

    project: str
    kind: str
    agent: str
    name: str
    side: Side
    version: str

    @property
    def id(self) -> str:
        """Equal for the same boundary, whatever the version."""
        return fingerprint(self.kind, self.agent, self.name, self.side)

    @property
    def place(self) -> str:
        """What statements find its contract by."""
        return f"{self.id}{self.project} {self.version}"
