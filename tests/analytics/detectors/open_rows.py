"""Rows of `stuck_span.sql`, made from ages in seconds."""

from collections.abc import Mapping, Sequence
from typing import Any

from analytics.baselines.learned_limits import LearnedLimits
from analytics.detectors.detector import Outcome, Window
from analytics.detectors.open_row import OpenRow
from analytics.detectors.stuck_span import StuckSpan
from analytics.findings.judgement import Key
from analytics.waits.graph import WaitEdge
from tests.analytics.baselines.durations import AWAIT_TESTS, counted, limits, spread
from tests.analytics.rows import NOW

NOW_NS = int(NOW.timestamp()) * 10**9

# 99 % of these take 2 s at most, so their limit is 6 s.
LEARNED = limits(counted(AWAIT_TESTS, spread(1, 240)))


def span_id(number: int) -> str:
    return f"{number:016x}"


def open_row(
    number: int = 1, *, age_s: float = 300, parent: int | None = None, **fields: Any
) -> dict[str, Any]:
    """Return an open span that was seen from its first second on and has heartbeats until now.

    Parameters
    ----------
    fields
        Fields of `OpenRow`; those that end in ``_ago_s`` stand for a time: ``start_ago_s=5`` for `start_ns`.
    """
    times = {
        "start": age_s,
        "first_seen": age_s,
        "last_seen": 0.0,
        "last_progress": age_s,
        "source_seen": 0.0,
    }
    times |= {
        name.removesuffix("_ago_s"): fields.pop(name) for name in list(fields) if name.endswith("_ago_s")
    }
    known = {
        "trace_id": f"{1:032x}",
        "span_id": span_id(number),
        "parent_span_id": "" if parent is None else span_id(parent),
        "ended": False,
        "environment": "production",
        "service": "agents",
        "service_instance": "agents-1",
        "name": "execute_tool await_tests",
        "open_descendants": 0,
        "waiting_on": "",
        "wait_reason": "",
        "answered_ns": 0,
        "heartbeats": int(age_s / 10) + 1,
        "source_events": 10,
        "source_events_usual": 10,
        "project_events": 10,
        "project_events_usual": 10,
    }
    nanoseconds = {f"{name}_ns": NOW_NS - int(seconds * 1e9) for name, seconds in times.items()}
    return known | AWAIT_TESTS._asdict() | nanoseconds | fields


def parsed(number: int = 1, **fields: Any) -> OpenRow:
    return OpenRow(**open_row(number, **fields))


def look(
    *rows: dict[str, Any],
    learned: LearnedLimits = LEARNED,
    watched: frozenset[Key] = frozenset(),
    assembled_ago_s: Mapping[str, float] | None = None,
    explained: frozenset[Key] = frozenset(),
    waits: Sequence[WaitEdge] = (),
) -> Outcome:
    waiting = {
        trace_id + AWAIT_TESTS.project: NOW_NS - int(ago_s * 1e9)
        for trace_id, ago_s in (assembled_ago_s or {}).items()
    }
    return StuckSpan().detect(rows, Window(NOW, watched, waiting, explained=explained, waits=waits), learned)


def words(outcome: Outcome) -> dict[str, str]:
    return {verdict.row.span_id: verdict.word for verdict in outcome.verdicts}
