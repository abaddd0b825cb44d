"""Standstill: a ring of waits, how sure it is, who waits behind it, and which wait to break. Pure."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from analytics.findings.finding import Grade
from analytics.waits.attempts import name_of, named
from analytics.waits.open_span import OpenSpan
from analytics.waits.reduction import stuck_nodes
from analytics.waits.ring import Edge, Ring, first_rings
from analytics.waits.standing import Standing
from analytics.waits.wait import Wait

# All waits of a ring must have been seen together for a little longer than their reports are apart, so that
# each was reported twice more: many rings are left again within seconds (bench/detectors/dpbench.py).
# Reports are under way for as long as the lower bound (`reference/detectors.md` 1.2); the upper one allows
# for the 3 s of `doldrums-client`, where agents and calls are reported every 10 s.
OVERLAP_BEATS = 1.1
OVERLAP_S_MIN = 0.5
OVERLAP_S_MAX = 3.5
# What was concluded must have held for longer: whoever asks may go on without saying so.
INFERRED_AGE_S_MIN = 10.0
# A ring that ends by itself sooner than this is nobody's business, unless it was told before and is back.
BOUNDED_S_MIN = 60.0
# Waits looked at to find the cheapest break, of all rings of one look together.
_BREAKS_MAX = 1_000_000
# Of a fingerprint, which has room for 1,000 characters.
_SPANS_NAMED_MAX = 20
CONCLUDED = "~"
NO_NAMES: Mapping[str, str] = {}


@dataclass(frozen=True, slots=True)
class Standstill:
    """A ring among nodes that can never go on, unless somebody breaks a wait.

    Parameters
    ----------
    spans
        What shows each of its edges, in their order.
    grade
        ``confirmed``: all of it was said, and every wait was open at one instant. ``probable``: some
        of it was concluded. ``suspected``: neither, or it ends by itself at `Ring.deadline_ns`.
    fingerprint
        Ids of the spans that show it, 48 hex digits each; of a very long ring the first. Of one that gives
        up and closes again those of its first attempt, and its name. A mark behind them says that they had
        ended: the ring was concluded from what they asked for.
    told
        Whether it is a finding: else it is shown in the graph alone.
    victims
        Nodes that would go on if `cut` were broken, and are not in the ring.
    cut
        Place in the ring of the wait that is cheapest to break.
    """

    ring: Ring
    spans: tuple[OpenSpan, ...]
    grade: Grade
    fingerprint: str
    told: bool
    victims: tuple[str, ...]
    cut: int

    @property
    def ring_is_inferred(self) -> bool:
        """Whether nobody said a part of it: it was concluded."""
        return any(edge.wait.inferred for edge in self.ring.edges)

    @property
    def cut_edge(self) -> Edge:
        """The wait to break."""
        return self.ring.edges[self.cut]


def standstills(standing: Standing, now_ns: int, known: Mapping[str, str] = NO_NAMES) -> list[Standstill]:
    """Return a ring of each group of nodes that hold each other up, those that closed first in front.

    Parameters
    ----------
    known
        By the names of rings that give up, the fingerprints of those that are told already.
    """
    stuck = stuck_nodes(standing.waits, standing.working)
    if not stuck:
        return []
    held = [wait for wait in standing.waits if wait.waiter in stuck]
    rings = first_rings(_of_their_own(held, standing), stuck)
    together = _components(held, stuck)
    left = _BREAKS_MAX
    found: list[Standstill] = []
    names: set[str] = set()
    for ring in rings:
        spans = tuple(standing.shown[edge.wait.id, edge.target] for edge in ring.edges)
        name = name_of(spans)
        # two that nobody can tell apart by what they wait for are two
        name = "" if name in names else name
        names.add(name)
        grade, told = _grade(ring, spans, standing, now_ns, is_known=name in known)
        behind = together[ring.members[0]]
        cut, freed = _cheapest(ring, standing, behind, left)
        left -= len(behind.waits) * len(ring.edges)
        victims = tuple(sorted(freed - set(ring.members)))
        fingerprint = known.get(name) or named(_ids(spans), name)
        found.append(Standstill(ring, spans, grade, fingerprint, told, victims, cut))
    return found


def _ids(spans: Sequence[OpenSpan]) -> str:
    ids = "".join(sorted(span.id for span in spans)[:_SPANS_NAMED_MAX])
    return ids if all(span.heartbeats for span in spans) else ids + CONCLUDED


def overlap_s_min(spans: Sequence[OpenSpan]) -> float:
    """Return for how many seconds all waits of a ring must have been seen together."""
    beats_s = OVERLAP_BEATS * min(span.interval_s for span in spans)
    return min(max(beats_s, OVERLAP_S_MIN), OVERLAP_S_MAX)


def _of_their_own(held: Sequence[Wait], standing: Standing) -> list[Wait]:
    """Leave out that an agent runs another, where it says itself whom it waits for."""
    telling = {wait.waiter for wait in held if wait.id not in standing.nested}
    return [wait for wait in held if wait.id not in standing.nested or wait.waiter not in telling]


def _grade(
    ring: Ring, spans: Sequence[OpenSpan], standing: Standing, now_ns: int, *, is_known: bool
) -> tuple[Grade, bool]:
    alone = sum(standing.nodes[member].kind != "lock" for member in ring.members) < 2
    # one that holds a lock and waits for it may do both at once, in two threads
    if alone or not ring.is_real(int(overlap_s_min(spans) * 1e9)):
        return "suspected", False
    inferred = any(edge.wait.inferred for edge in ring.edges)
    if inferred and now_ns - ring.held_ns < INFERRED_AGE_S_MIN * 1e9:
        return "suspected", False
    if ring.deadline_ns is not None:
        return "suspected", is_known or ring.deadline_ns - ring.closed_ns >= BOUNDED_S_MIN * 1e9
    return ("probable" if inferred else "confirmed"), True


def _cheapest(ring: Ring, standing: Standing, behind: "_Component", left: int) -> tuple[int, frozenset[str]]:
    """Return the wait whose end lets most go on, of those the youngest, and who goes on then.

    A lock is not asked to give up waiting: whoever waits for it is. Where there is no room left to try,
    the youngest is taken, and nobody knows who waits behind.
    """
    hops = [
        number for number, edge in enumerate(ring.edges) if standing.nodes[edge.wait.waiter].kind != "lock"
    ]
    hops.sort(key=lambda number: (-ring.edges[number].wait.since_ns, ring.edges[number].wait.waiter))
    if left <= 0:
        return hops[0], frozenset()
    tried = hops[: max(1, left // len(behind.waits))]
    freed = {
        number: behind.waiters - stuck_nodes(behind.waits, [ring.edges[number].wait.waiter])
        for number in tried
    }
    best = max(tried, key=lambda number: len(freed[number]))
    return best, freed[best]


class _Component(NamedTuple):
    """Waits that hang together, and who waits in them."""

    waits: Sequence[Wait]
    waiters: frozenset[str]


def _components(held: Sequence[Wait], stuck: frozenset[str]) -> Mapping[str, _Component]:
    """Return by node the waits that hang together with it."""
    number = {name: place for place, name in enumerate(stuck)}
    pairs = [
        (number[wait.waiter], number[target]) for wait in held for target in wait.targets if target in stuck
    ]
    rows, columns = np.array(pairs).T
    graph = coo_array((np.ones(len(pairs), np.int8), (rows, columns)), shape=(len(stuck), len(stuck)))
    _, labels = connected_components(graph, directed=True, connection="weak")
    waits: defaultdict[int, list[Wait]] = defaultdict(list)
    for wait in held:
        waits[labels[number[wait.waiter]]].append(wait)
    components = {
        label: _Component(some, frozenset(wait.waiter for wait in some)) for label, some in waits.items()
    }
    return {name: components[labels[place]] for name, place in number.items()}
