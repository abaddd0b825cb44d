"""WaitGraph: who waits for whom now, as the last look saw it. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from analytics.findings.finding import Grade
from analytics.findings.judgement import Key

NodeKind = Literal["agent", "tool", "lock", "human", "timer", "external", "other"]


class Node(NamedTuple):
    """What can wait, or be waited for.

    Parameters
    ----------
    id
        Within its project: the name by which waits refer to it.
    label
        What a person calls it.
    agent
        Name of the agent it is an instance of; '' where it is none.
    working
        Something goes on in it, or nothing says that it waits.
    """

    project: str
    id: str
    kind: NodeKind
    label: str
    agent: str
    working: bool


class WaitEdge(NamedTuple):
    """One wait for one of its targets. Times are Unix nanoseconds.

    Parameters
    ----------
    needed, targets
        Of so many targets of the same span, how many must act.
    deadline_ns
        When the waiter gives up; None where nobody knows that it ever does.
    inferred
        Nobody said that this is a wait: it was concluded from other things.
    """

    project: str
    waiter: str
    target: str
    kind: str
    resource: str
    needed: int
    targets: int
    since_ns: int
    seen_ns: int
    deadline_ns: int | None
    trace_id: str
    span_id: str
    inferred: bool


@dataclass(frozen=True, slots=True)
class WaitRing:
    """A ring of waits, and who waits for it.

    Parameters
    ----------
    fingerprint
        That of its finding, open or not.
    hops
        Places of its edges in `WaitGraph.edges`, each for the waiter of the next.
    victims
        Nodes that wait for it without being in it, those that would go on if it were broken.
    cut
        Place in `hops` of the wait that is cheapest to break.
    told
        It is a finding; else it is only shown.
    """

    project: str
    fingerprint: str
    grade: Grade
    closed_ns: int
    seen_ns: int
    deadline_ns: int | None
    hops: tuple[int, ...]
    victims: tuple[str, ...]
    cut: int
    told: bool


@dataclass(frozen=True, slots=True)
class WaitGraph:
    """The nodes and edges of all projects, and the rings among them.

    Parameters
    ----------
    at_ns
        As of when, in Unix nanoseconds; 0 before the first look.
    """

    at_ns: int = 0
    nodes: Sequence[Node] = ()
    edges: Sequence[WaitEdge] = ()
    rings: Sequence[WaitRing] = ()

    @property
    def explained(self) -> frozenset[Key]:
        """Projects and ids (of trace and span, 48 hex digits) of waits in or behind a ring that is told."""
        told = [ring for ring in self.rings if ring.told]
        behind = {(ring.project, victim) for ring in told for victim in ring.victims}
        edges = [self.edges[hop] for ring in told for hop in ring.hops]
        edges += [edge for edge in self.edges if behind and (edge.project, edge.waiter) in behind]
        return frozenset((edge.project, edge.trace_id + edge.span_id) for edge in edges)


EMPTY = WaitGraph()
