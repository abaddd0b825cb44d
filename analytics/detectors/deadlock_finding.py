"""What is said of a ring of waits: the finding, in plain words, and which wait to break. Pure."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from analytics.detectors.deadlock_evidence import NAMED_MAX, deadlock_evidence
from analytics.detectors.wording import duration, plain
from analytics.findings.finding import Finding, Severity
from analytics.waits.open_span import OpenSpan
from analytics.waits.standing import Standing
from analytics.waits.standstill import Standstill

DETECTOR = "deadlock"
# Names in a sentence.
SAID_MAX = 6


def deadlock_finding(
    project: str, found: Standstill, graph: Standing, now_ns: int, before: Mapping[str, Any]
) -> Finding:
    """Return the finding of a ring; `before` is its evidence as it was told last, if it was."""
    evidence = deadlock_evidence(found, graph, now_ns, before)
    since = datetime.fromisoformat(evidence["closed_first"])
    members, behind = agents_of(found.ring.members, graph), agents_of(found.victims, graph)
    return Finding(
        project=project,
        detector=DETECTOR,
        fingerprint=found.fingerprint,
        severity=_severity(found),
        grade=found.grade,
        title=_title(found, members, behind, graph, evidence["closings"], since),
        advice=_advice(found, members, graph, now_ns),
        since=since,
        agents=list(dict.fromkeys([*members, *behind[:NAMED_MAX]])),
        trace_ids=list(dict.fromkeys(span.trace_id for span in found.spans)),
        span_ids=[span.span_id for span in found.spans],
        evidence=evidence,
        certain=not found.ring_is_inferred,
    )


def agents_of(nodes: tuple[str, ...], graph: Standing) -> list[str]:
    """Return what a person calls those of the nodes that are no locks."""
    return [plain(graph.nodes[node].label) for node in nodes if graph.nodes[node].kind != "lock"]


def _severity(found: Standstill) -> Severity:
    return "S1" if found.grade == "confirmed" else "S2"


def _title(
    found: Standstill,
    members: list[str],
    behind: list[str],
    graph: Standing,
    closings: int,
    since: datetime,
) -> str:
    seem = "seem to wait" if found.ring_is_inferred else "wait"
    locks = [
        plain(graph.nodes[node].label) for node in found.ring.members if graph.nodes[node].kind == "lock"
    ]
    over = f" over {_listed(locks, 'lock')}" if locks else ""
    ring = " in a ring" if len(members) > 2 else ""
    who = _listed(members, "agent")
    nobody = "neither can go on" if len(members) == 2 else "nobody in it can go on"
    deadline_ns = found.ring.deadline_ns
    end = nobody if deadline_ns is None else f"it breaks at {_clock(deadline_ns)}, when a wait gives up"
    queue = f"; {_listed(behind, 'agent')} {'waits' if len(behind) == 1 else 'wait'} behind" if behind else ""
    again = f"; it has closed {closings:,} times since {since:%H:%M:%S} UTC" if closings > 1 else ""
    closed = _clock(found.ring.closed_ns)
    return f"{who} {seem} for each other{ring}{over} since {closed}; {end}{again}{queue}."


def _advice(found: Standstill, members: list[str], graph: Standing, now_ns: int) -> str:
    edge, span = found.cut_edge, found.spans[found.cut]
    waiter, target = (plain(graph.nodes[node].label) for node in (edge.wait.waiter, edge.target))
    others = [name for name in members if name != waiter]
    behind = len(agents_of(found.victims, graph))
    who = _listed([*others, *([f"{behind} behind them"] if behind else [])], "agent")
    if found.ring.deadline_ns is not None:
        begin = f"If it must not last until {_clock(found.ring.deadline_ns)}, end"
    else:
        begin = "End"
    return (
        f"{begin} {waiter}'s wait for {target} ({_for(span)}span {span.span_id},"
        f" open for {duration(max(0, now_ns - edge.wait.since_ns) / 1e9)}):"
        f" cancel it, or give it what it waits for; then {who} can go on. {_lasting(found, graph)}"
    )


def _for(span: OpenSpan) -> str:
    return f"{plain(span.wait_resource)}, " if span.wait_resource else ""


def _lasting(found: Standstill, graph: Standing) -> str:
    locks = sum(graph.nodes[node].kind == "lock" for node in found.ring.members)
    if locks > 1:
        return "So that it does not come back: take these locks in the same order everywhere."
    if found.ring.deadline_ns is not None:
        return "So that it does not come back: let one of them go on without waiting for the next."
    return "So that it does not come back: give each wait a timeout, or let one of them not wait."


def _listed(names: list[str], noun: str) -> str:
    """Return names as a sentence has them.

    Examples
    --------
    >>> _listed(["planner", "coder", "tester"], "agent")
    'planner, coder and tester'
    """
    if len(names) > SAID_MAX:
        names = [*names[: SAID_MAX - 1], f"{len(names) - SAID_MAX + 1:,} other {noun}s"]
    return " and ".join(filter(None, [", ".join(names[:-1]), names[-1]])) if names else f"no {noun}"


def _clock(ns: int) -> str:
    return datetime.fromtimestamp(ns / 1e9, UTC).strftime("%H:%M:%S UTC")
