"""What is said of a trace that grows beyond its like: the finding and its evidence. Pure."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from analytics.detectors.trace_size import Excess, TraceSize
from analytics.detectors.wording import duration, plain
from analytics.findings.finding import Finding, Grade

DETECTOR = "runaway"


def runaway_finding(size: TraceSize, found: Sequence[Excess]) -> Finding:
    """Return the finding of a trace; `found` are the measures by which it is too large, the worst first."""
    grade: Grade = "probable" if found[0].habit else "suspected"
    return Finding(
        project=size.project,
        detector=DETECTOR,
        fingerprint=size.trace_id,
        severity="S2" if grade == "probable" and not size.ended else "S3",
        grade=grade,
        title=_title(size, found[0]),
        advice=_advice(size, found[0]),
        since=datetime.fromtimestamp(size.start_ns / 1e9, UTC),
        agents=[plain(name) for name, _ in size.busiest],
        trace_ids=[size.trace_id],
        span_ids=_blamed(size, found),
        evidence=_evidence(size, found),
        # it is as large as it is, and only grows
        certain=True,
    )


def _title(size: TraceSize, excess: Excess) -> str:
    has = "had" if size.ended else "has"
    what = f"{plain(size.root) or 'A trace'} {has} {_amount(excess, excess.value)}"
    if excess.habit is None:
        return f"{what}; what is usual is unlearned, the default limit is {_amount(excess, excess.limit)}"
    usual = f"99 % of such traces have {_amount(excess, excess.habit.q99)} or fewer"
    return f"{what}; {usual} (n = {excess.habit.n:,})"


def _amount(excess: Excess, value: float) -> str:
    if excess.measure.name == "cost":
        return f"cost {value:,.2f} US dollars"
    return f"{value:,.0f} {excess.measure.noun}"


def _advice(size: TraceSize, excess: Excess) -> str:
    name, count = size.busiest[0] if size.busiest else ("", 0)
    busiest = f"{plain(name)} made {count:,} of its {size.spans:,} spans. " if name else ""
    stop = "" if size.ended else "Stop it if nobody expects that much. "
    bound = {
        "depth": "a limit of recursion",
        "agents": "a limit of agents that one may start",
        "children": "a limit of calls per turn",
    }.get(excess.measure.name, "a budget of the run")
    return (
        f"{busiest}{stop}Set {bound}; if so much is right, the limit follows once enough such traces ended."
    )


def _blamed(size: TraceSize, found: Sequence[Excess]) -> list[str]:
    of = {"children": size.children_of, "agents": size.agents_of}
    return list(dict.fromkeys(of[excess.measure.name] for excess in found if excess.measure.name in of))


def _evidence(size: TraceSize, found: Sequence[Excess]) -> Mapping[str, Any]:
    return {
        "root": plain(size.root),
        "excesses": [_excess(excess) for excess in found],
        "spans": size.spans,
        "depth": size.depth,
        "children_of_one_span_max": size.children,
        "agents_below_one_span_max": size.agents,
        "tokens": size.tokens,
        "cost_usd": round(size.cost_usd, 6),
        "running": not size.ended,
        "busiest_agents": [{"agent": plain(name), "spans": count} for name, count in size.busiest],
        "lasted": duration(max(0, size.end_ns - size.start_ns) / 1e9),
        "false_positive_note": "It may be a larger task than any before: a batch has as many calls as items."
        if found[0].habit
        else "The limit is a default: such traces may simply be this large.",
    }


def _excess(excess: Excess) -> dict[str, Any]:
    habit = excess.habit
    return {
        "measure": excess.measure.name,
        "value": round(excess.value, 6),
        "limit": round(excess.limit, 6),
        "learned": habit is not None,
        "n": habit.n if habit else None,
        "q50": habit.q50 if habit else None,
        "q99": habit.q99 if habit else None,
        "q999": habit.q999 if habit else None,
    }
