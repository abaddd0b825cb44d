"""What is said of agents that call each other in a circle. Pure."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from analytics.baselines.baseline import WINDOW
from analytics.detectors.detector import Row
from analytics.detectors.rounds import median
from analytics.detectors.wording import count, plain
from analytics.findings.finding import Finding, Grade
from analytics.fingerprint import fingerprint

DETECTOR = "call_cycle"
# What one finding names: a circle is told by its first members, and shown by some traces.
NAMED_MAX = 10
TRACES_SHOWN_MAX = 5
# Traces that went round, of which it is said that no end is seen; of fewer it is only suspected.
PROBABLE_TRACES_MIN = 60


@dataclass(frozen=True, slots=True)
class Circle:
    """Agents each of which calls the next, the last the first.

    Parameters
    ----------
    rows
        Rows of `call_cycle.sql` of these edges, in the same order.
    synchronous
        Every edge is a call within which the caller waits; none is a hand-off alone.
    one_at_a_time
        No two calls of one instance of any of them were ever at work at the same time.
    """

    project: str
    names: Sequence[str]
    rows: Sequence[Row]
    synchronous: bool
    one_at_a_time: bool

    @property
    def can_deadlock(self) -> bool:
        """Whether all of them, called at once, would wait for each other for ever."""
        return self.synchronous and self.one_at_a_time


@dataclass(frozen=True, slots=True)
class Walked:
    """Traces that went round the circle: by how often, and how many their framework stopped."""

    traces_of: Counter[int]
    limited_traces: int
    first_ns: int
    trace_ids: Sequence[str]

    @property
    def traces(self) -> int:
        """How many went round."""
        return self.traces_of.total()

    @property
    def grade(self) -> Grade:
        """Return how sure it is that nothing ends it: a framework had to, or many traces show no end."""
        if self.limited_traces:
            return "confirmed"
        return "probable" if self.traces >= PROBABLE_TRACES_MIN else "suspected"


@dataclass(frozen=True, slots=True)
class Across:
    """No trace goes round: the circle is that of several traces put together."""

    traces_of: Mapping[int, int] = field(default_factory=dict)
    limited_traces: int = 0
    grade: Grade = "suspected"


def circle_finding(circle: Circle, seen: Walked | Across) -> Finding:
    """Return the finding of a circle."""
    return Finding(
        project=circle.project,
        detector=DETECTOR,
        fingerprint=fingerprint(*circle.names),
        severity="S3" if circle.can_deadlock else "S4",
        grade=seen.grade,
        title=f"{_names(circle.names)} call each other in a circle; {_seen(seen)}",
        advice=_advice(circle),
        since=datetime.fromtimestamp(_first_ns(circle, seen) / 1e9, UTC),
        agents=[plain(name) for name in circle.names[:NAMED_MAX]],
        trace_ids=_trace_ids(circle, seen),
        span_ids=[],
        evidence=_evidence(circle, seen),
        certain=seen.grade != "suspected",
    )


def _names(names: Sequence[str]) -> str:
    told = [plain(name) for name in names[:NAMED_MAX]]
    if len(names) > NAMED_MAX:
        return f"{', '.join(told)} and {count(len(names) - NAMED_MAX, 'other')}"
    return f"{', '.join(told[:-1])} and {told[-1]}"


def _seen(seen: Walked | Across) -> str:
    if isinstance(seen, Across):
        return "no single trace goes all the way round"
    rounds = f"up to {count(max(seen.traces_of), 'round')} in a trace (n = {count(seen.traces, 'trace')})"
    if seen.limited_traces:
        return (
            f"{rounds}, and {count(seen.limited_traces, 'trace')} had to be stopped by the framework's limit"
        )
    if seen.grade == "suspected":
        return f"{rounds}, too few to tell whether anything ends it"
    return f"{rounds}, and nothing is seen that ends it"


def _advice(circle: Circle) -> str:
    danger = (
        "Each does one thing at a time: called at once, they wait for each other for ever. "
        if circle.can_deadlock
        else ""
    )
    return (
        f"{danger}Give the circle a largest number of rounds, or let one of them answer with what it has"
        " instead of calling back."
    )


def _first_ns(circle: Circle, seen: Walked | Across) -> int:
    if isinstance(seen, Walked) and seen.first_ns:
        return seen.first_ns
    # the circle is closed by the edge that came last
    return max(int(row["first_ns"]) for row in circle.rows)


def _trace_ids(circle: Circle, seen: Walked | Across) -> list[str]:
    if isinstance(seen, Walked):
        return list(seen.trace_ids[:TRACES_SHOWN_MAX])
    return [row["trace_ids"][0] for row in circle.rows[:TRACES_SHOWN_MAX]]


def _evidence(circle: Circle, seen: Walked | Across) -> Mapping[str, Any]:
    return {
        "rule": "a circle, each edge in 5 calls of 2 traces or more; no number of rounds stops the traces",
        "edges": [
            {
                "caller": plain(row["edges"][0][0]),
                "callee": plain(row["edges"][0][1]),
                "calls": row["calls"],
                "handoffs": row["handoffs"],
                "traces": row["traces"],
            }
            for row in circle.rows[:NAMED_MAX]
        ],
        "members_count": len(circle.names),
        "rounds": {
            "traces": sum(seen.traces_of.values()),
            "median": median(seen.traces_of),
            "most": max(seen.traces_of, default=0),
            "traces_stopped_by_a_limit": seen.limited_traces,
        },
        "synchronous": circle.synchronous,
        "one_call_at_a_time": circle.one_at_a_time,
        "window_days": WINDOW.days,
        "one_trace_read_in": circle.rows[0]["one_in"],
        "false_positive_note": _doubt(circle, seen),
    }


def _doubt(circle: Circle, seen: Walked | Across) -> str:
    if isinstance(seen, Across):
        return (
            "Agents are told apart by name alone: two different ones of one name make a circle that is none."
        )
    if seen.limited_traces:
        return "The limit may have been reached by something else in the same trace."
    if not circle.synchronous:
        return "Who hands over waits for nobody: it may be a conversation that ends when it is done."
    return "A limit that was never reached is not seen: only the traces say how often they went round."
