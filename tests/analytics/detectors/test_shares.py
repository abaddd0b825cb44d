"""A project that has more than one look may read takes no room of the others."""

from collections import Counter
from typing import Any

import pytest

from analytics.detectors import deadlock
from analytics.detectors.deadlock import Deadlock
from analytics.detectors.detector import Detector, Window
from analytics.detectors.missed_deadline import MissedDeadline
from analytics.detectors.runaway import FINDINGS_MAX, Runaway
from analytics.detectors.stuck_span import StuckSpan
from collector.store.store import Store
from tests.analytics.detectors.looking import UNLEARNED
from tests.analytics.detectors.wait_rows import look, ring, waiting
from tests.analytics.rows import NOW, insert, observation

ROOM = 6


def read(store: Store, detector: Detector) -> list[str]:
    parameters = {**detector.parameters(Window(NOW)), "rows_max": ROOM}
    return sorted(row["project"] for row in store.query(detector.sql, parameters))


@pytest.mark.parametrize("detector", [StuckSpan(), Deadlock(), MissedDeadline()], ids=lambda one: one.name)
def test_open_spans_are_read_of_each_project_in_its_turn(store: Store, detector: Detector) -> None:
    """The crowd began first, and what began first is read first within a project."""
    said: dict[str, Any] = {"kind": "wait", "waiting_on": "b", "wait_reason": "agent", "wait_timeout_s": 1.0}
    crowd = [observation(number, age_s=300, project="crowd", **said) for number in range(1, 40)]
    shop = [observation(number, age_s=100, project="shop", **said) for number in range(50, 53)]
    insert(store, "open_spans", [*crowd, *shop])

    assert read(store, detector) == ["crowd"] * 3 + ["shop"] * 3


def test_a_ring_is_found_beside_a_crowd_that_is_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of the crowd the youngest trace is left out, for a part of it may be missing; of others nothing is."""
    crowd = [
        {**row, "project": "crowd"}
        for number in range(1, 20)
        for row in waiting("a", "b", 100 * number, trace=number)
    ]
    rows = [*ring("planner", "coder"), *crowd]
    monkeypatch.setattr(deadlock, "ROWS_MAX", len(rows))

    outcome = look(*rows)

    assert outcome.partial
    assert [finding.project for finding in outcome.findings] == ["shop"]


def test_runaways_are_told_of_each_project() -> None:
    sizes = [
        sized(project, number)
        for project, count in (("crowd", FINDINGS_MAX + 50), ("shop", 1))
        for number in range(count)
    ]

    outcome = Runaway().detect(sizes, Window(NOW), UNLEARNED)

    assert outcome.partial
    assert Counter(finding.project for finding in outcome.findings) == {"crowd": FINDINGS_MAX, "shop": 1}


def sized(project: str, number: int) -> dict[str, Any]:
    texts = dict.fromkeys(("root", "habit_name", "agent", "children_of", "agents_of"), "run")
    numbers = dict.fromkeys(("depth", "children", "agents", "tokens", "start_ns", "end_ns"), 1)
    known = {"project": project, "trace_id": f"{number:032x}", "spans": 50_000, "cost_usd": 0.0}
    return {**texts, **numbers, **known, "ended": False, "busiest": [("run", 50_000)]}
