"""OrphanRow: how many spans of one kind miss their parents, and why. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

# never: nearly no parent ever comes, its service sends no spans. sampled: of most no parent comes.
# elsewhere: the parent is in another trace. process: it was the last of a process that sends nothing since.
# lost: single spans are lost on the way.
Cause = Literal["never", "sampled", "elsewhere", "process", "lost"]

# Shares of the traces in which the parent is missing, and how many traces say so
# (`reference/detectors.md` 3.3).
NEVER_RATIO = 0.95
SAMPLED_RATIO = 0.5
TRACES_MIN = 20


@dataclass(frozen=True, slots=True)
class OrphanRow:
    """One row of `orphan.sql`: spans of the same service, kind and name.

    Parameters
    ----------
    children, traces
        Those that name a parent, and the traces they are in.
    orphans, traces_with_orphans
        Those of them whose parent has not arrived.
    elsewhere_orphans
        Orphans whose parent is in another trace.
    last_orphans, last_instances
        Orphans that were the last of their process, and some of these processes.
    since_ns
        When the first of them was assembled, in Unix nanoseconds.
    """

    project: str
    service: str
    kind: str
    name: str
    children: int
    orphans: int
    traces: int
    traces_with_orphans: int
    missing_parents: int
    elsewhere_orphans: int
    last_orphans: int
    trace_ids: Sequence[str]
    span_ids: Sequence[str]
    last_instances: Sequence[str]
    since_ns: int

    @property
    def cause(self) -> Cause:
        """Why most of them have no parent."""
        if 2 * self.elsewhere_orphans > self.orphans:
            return "elsewhere"
        if self.traces >= TRACES_MIN and self.traces_with_orphans > NEVER_RATIO * self.traces:
            return "never"
        if self.traces >= TRACES_MIN and self.traces_with_orphans > SAMPLED_RATIO * self.traces:
            return "sampled"
        if 2 * self.last_orphans > self.orphans:
            return "process"
        return "lost"
