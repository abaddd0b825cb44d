"""Rows of `deadlock.sql`, made from ages in seconds, and looks at them."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from analytics.detectors.deadlock import Deadlock
from analytics.detectors.detector import Outcome, Window
from analytics.findings.judgement import Key
from tests.analytics.baselines.durations import limits
from tests.analytics.detectors.open_rows import NOW_NS, span_id
from tests.analytics.rows import NOW

Row = dict[str, Any]


def row(number: int, *, age_s: float = 60, seen_ago_s: float = 1, trace: int = 1, **fields: Any) -> Row:
    """Return an open span that is reported every three seconds since its start.

    Parameters
    ----------
    fields
        Of `OpenSpan`; `parent=7` stands for the span of that number.
    """
    parent = fields.pop("parent", None)
    known = {
        "project": "shop",
        "environment": "production",
        "trace_id": f"{trace:032x}",
        "span_id": span_id(number),
        "parent_span_id": "" if parent is None else span_id(parent),
        "ended": False,
        "name": "step",
        "kind": "other",
        "open_descendants": 0,
        "wait_needed": None,
        "wait_timeout_s": None,
        "holds_capacity": None,
        "start_ns": NOW_NS - int(age_s * 1e9),
        "first_seen_ns": NOW_NS - int(age_s * 1e9),
        "last_seen_ns": NOW_NS - int(seen_ago_s * 1e9),
        "heartbeats": 1 + int((age_s - seen_ago_s) / 3),
        "end_ns": 0,
    }
    names = ("agent", "agent_id", "tool", "session", "handoff_to", "waiting_on", "wait_reason")
    names += ("wait_resource", "holds", "end_state", "error_type")
    return dict.fromkeys(names, "") | known | fields


def agent(name: str, number: int, **fields: Any) -> Row:
    """Return the span of an agent's run, open for long and with something open below it."""
    known = {"kind": "agent", "agent": name, "name": f"invoke_agent {name}", "open_descendants": 1}
    return row(number, **{"age_s": 600, **known, **fields})


def wait(waiter: str, target: str, number: int, *, kind: str = "agent", **fields: Any) -> Row:
    """Return a wait right below the run of `waiter`."""
    known = {"kind": "wait", "agent": waiter, "waiting_on": target, "wait_reason": kind}
    return row(number, **{**known, "name": f"wait for {target}", **fields})


def hold(holder: str, lock: str, number: int, **fields: Any) -> Row:
    return row(
        number, **{"agent": holder, "holds": lock, "holds_capacity": 1, "name": f"hold {lock}", **fields}
    )


def waiting(waiter: str, target: str, number: int, *, trace: int = 1, **fields: Any) -> list[Row]:
    """Return an agent's run in which nothing is open but a wait."""
    return [
        agent(waiter, number, trace=trace),
        wait(waiter, target, number + 1, parent=number, trace=trace, **fields),
    ]


def ring(*names: str, closed_s: float = 20, apart: bool = False, **fields: Any) -> list[Row]:
    """Return agents each of which waits for the next, the last for the first; that wait closes the ring."""
    rows: list[Row] = []
    for number, name in enumerate(names):
        target = names[(number + 1) % len(names)]
        age_s = closed_s + 5 * (len(names) - 1 - number)
        trace = 1 + number if apart else 1
        rows += waiting(name, target, 10 * (number + 1), trace=trace, **{"age_s": age_s, **fields})
    return rows


def look(
    *rows: Row,
    watched: frozenset[Key] = frozenset(),
    later_s: float = 0,
    evidence: Mapping[Key, Mapping[str, Any]] | None = None,
) -> Outcome:
    """Look at rows; their projects were last heard of by one of them, if they do not say when."""
    heard: dict[str, int] = {}
    for each in rows:
        heard[each["project"]] = max(each["last_seen_ns"], heard.get(each["project"], 0))
    rows = tuple({"project_seen_ns": heard[each["project"]], **each} for each in rows)
    window = Window(NOW + timedelta(seconds=later_s), watched, evidence=evidence or {})
    return Deadlock().detect(rows, window, limits())
