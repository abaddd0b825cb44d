"""Deadlocks: what is said of rings of waits, of what waits behind them, and of which wait to break."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from analytics.api.models import Finding, WaitEdge, WaitRing, Waits
from dashboard.presentation.finding import GRADES
from dashboard.presentation.tone import Tone
from dashboard.presentation.waiting import Waiting
from dashboard.wording.amount import count, counted, listed, shortened
from dashboard.wording.duration import age
from dashboard.wording.moment import ago, at, moment

DETECTOR = "deadlock"
NAMED_MAX = 8


@dataclass(frozen=True, slots=True)
class Deadlock:
    """A ring that is told.

    Parameters
    ----------
    id
        That of its finding.
    hops
        Its waits in order.
    cut
        The one that is cheapest to break.
    finding
        None while it is not at hand.
    """

    id: str
    ring: WaitRing
    hops: Sequence[WaitEdge]
    cut: WaitEdge
    finding: Finding | None


def deadlocks(waits: Waits, findings: Sequence[Finding]) -> list[Deadlock]:
    """Return the rings that are findings, the surest first, then the longest-standing."""
    known = {finding.id: finding for finding in findings}
    ordered = sorted(waits.rings, key=lambda ring: (GRADES.index(ring.grade), ring.closed))
    return [
        _deadlock(ring, ring.finding_id, waits, known) for ring in ordered if ring.finding_id and ring.hops
    ]


def _deadlock(ring: WaitRing, finding_id: str, waits: Waits, known: Mapping[str, Finding]) -> Deadlock:
    hops = [waits.edges[place] for place in ring.hops]
    return Deadlock(finding_id, ring, hops, hops[min(ring.cut, len(hops) - 1)], known.get(finding_id))


def tone(found: Sequence[Deadlock]) -> Tone:
    """Return the tone of the worst: a ring that gives up by itself is less than one that never does."""
    return "attention" if all(one.ring.grade == "suspected" for one in found) else "broken"


def lead(found: Sequence[Deadlock], looked: Waiting) -> str:
    """Return how many deadlocks hold how many agents."""
    held = {hop.waiter for one in found for hop in one.hops}
    held |= {victim for one in found for victim in one.ring.victims}
    agents = sum(node in looked.nodes and looked.nodes[node].kind == "agent" for node in held)
    who = counted(agents, "agent") if agents else counted(len(held), "waiter")
    verb = "holds" if len(found) == 1 else "hold"
    return f"{counted(len(found), 'deadlock')} {verb} {who}."


def in_short(one: Deadlock, looked: Waiting) -> str:
    """Return who waits for whom since when, and whether that ends by itself."""
    members = listed(
        [looked.name(hop.waiter) for hop in one.hops if not looked.is_lock(hop.waiter)], NAMED_MAX
    )
    locks = listed([looked.name(hop.waiter) for hop in one.hops if looked.is_lock(hop.waiter)], NAMED_MAX)
    over = f" over {locks}" if locks else ""
    lasting = age((looked.now - moment(one.ring.closed)).total_seconds())
    number = len(one.ring.victims)
    tail = f", and {count(number)} more {'waits' if number == 1 else 'wait'} behind them" if number else ""
    return f"{members} wait for each other in a ring{over} for {lasting}{tail}. {_outlook(one, looked)}"


def _outlook(one: Deadlock, looked: Waiting) -> str:
    if one.ring.breaks is None:
        return "None of them can go on until one wait is broken."
    when = moment(one.ring.breaks)
    if when <= looked.now:
        return (
            f"{_gives_up(one, looked)} should have given up at {at(when, looked.now)} UTC, and still waits."
        )
    until = f"{at(when, looked.now)} UTC, {ago(when, looked.now)}"
    return f"Bounded until {until}, when {_gives_up(one, looked)} gives up."


def _gives_up(one: Deadlock, looked: Waiting) -> str:
    first = [hop for hop in one.hops if hop.deadline == one.ring.breaks]
    return shortened(looked.name(first[0].waiter)) if first else "one of them"


def breaking(one: Deadlock, looked: Waiting) -> str:
    """Return which wait is cheapest to break, and what that is good for."""
    behind = len(one.ring.victims)
    freed = f"{count(len(one.hops))} in the ring" + (f" and {count(behind)} behind it" if behind else "")
    return f"{looked.sentence(one.cut)} To break this wait costs least, and frees {freed}."


def queue(one: Deadlock, looked: Waiting) -> list[tuple[str, str]]:
    """Return who waits for the ring without being in it, and for whom since when, oldest first."""
    victims = set(one.ring.victims)
    held_up = sorted((edge for edge in looked.waits.edges if edge.waiter in victims), key=lambda e: e.since)
    return [
        (
            shortened(looked.name(edge.waiter)),
            f"for {shortened(looked.name(edge.target))}, {age(looked.waited_s(edge))}",
        )
        for edge in held_up
    ]


def calm(looked: Waiting) -> tuple[str, str]:
    """Return the news that there is no deadlock, and what was looked at."""
    waits = looked.waits
    if waits.at is None:
        return "No deadlock is known.", "The first look at who waits for whom is still to come."
    if not waits.edges:
        return "No deadlock.", "No open span says that it waits."
    longest = min(waits.edges, key=lambda edge: edge.since)
    agents = sum(node.kind == "agent" for node in waits.nodes)
    seen = f"{counted(agents, 'agent')}, {counted(len(waits.edges), 'wait')}"
    who = shortened(looked.name(longest.waiter))
    return "No deadlock.", f"{seen}, the longest {age(looked.waited_s(longest))} ({who}), no ring."


def looks(looked: Waiting) -> str:
    """Return how it is looked, for a page with nothing to show."""
    last = f" Last look {ago(moment(looked.waits.at), looked.now)}." if looked.waits.at else ""
    return (
        "Who waits for whom is looked at every 2 s. "
        f"A ring is told once all of its waits were seen to hold at one instant.{last}"
    )


def forming(looked: Waiting) -> str:
    """Return what is said of rings that are not told; '' where there is none."""
    edges = looked.waits.edges
    untold = [ring for ring in looked.waits.rings if ring.finding_id is None and ring.hops]
    if not untold:
        return ""
    members = [looked.name(edges[place].waiter) for place in untold[0].hops]
    others = f", and {counted(len(untold) - 1, 'other ring')}" if len(untold) > 1 else ""
    return (
        f"A ring may be closing: {listed(members, NAMED_MAX)}{others}. It is not certain, so it is not told."
    )
