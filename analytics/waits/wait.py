"""Wait: one open request of the wait-for graph. Pure."""

from typing import NamedTuple


# A tuple, as nodes and edges of the graph are: a frozen dataclass takes four times as long to make.
class Wait(NamedTuple):
    """`waiter` cannot go on until `needed` of its `targets` have acted.

    Nodes are names: an agent's instance, a lock, a mailbox. A lock that is held waits for its
    holders, any one of which can give it back.

    Parameters
    ----------
    id
        Names the observation: trace and span.
    needed
        How many of the targets must act: all of them for a join, 1 for a race, k for a quorum.
    since_ns, seen_ns
        Unix nanoseconds between which it was seen to hold: its start, and the newest report that
        it was still open.
    deadline_ns
        Unix nanoseconds at which the waiter gives up; None where it waits for ever.
    inferred
        Nobody said that this is a wait, or not for which of several targets: it was concluded.
    held_ns
        Unix nanoseconds at which it was first seen to hold, by our own clock; where that is later
        than its start, nothing before it is evidence.

    Examples
    --------
    >>> join = Wait("1", "planner", ("coder", "tester"), needed=2, since_ns=0, seen_ns=3)
    >>> join.deadline_ns is None
    True
    """

    id: str
    waiter: str
    targets: tuple[str, ...]
    needed: int
    since_ns: int
    seen_ns: int
    deadline_ns: int | None = None
    inferred: bool = False
    held_ns: int = 0
