"""Work: what spans must share to be compared with each other."""

from typing import NamedTuple


class Work(NamedTuple):
    """One kind of work of one version of one agent; unknown parts are ''."""

    project: str
    kind: str
    agent: str
    operation: str
    tool: str
    model: str
    agent_version: str
