"""What agents put out is counted by hour, from steps, as a whole; through real loading and assembly."""

from collections import Counter
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pytest

from analytics.drift.bins import bins_of
from analytics.series import summaries
from analytics.series.summaries import Summaries
from collector.store.store import Store
from tests.analytics.detectors.conversation import Conversation
from tests.analytics.detectors.looking import assembled
from tests.analytics.rows import NOW

LATER = NOW + timedelta(hours=1, minutes=6)
COUNTS = """
SELECT project, agent, operation, subject, metric, category, bin, sum(n) AS n, sum(traces) AS traces
FROM drift_counts
WHERE (project, hour, version) IN (
    SELECT project, hour, max(version) FROM drift_counts GROUP BY project, hour)
GROUP BY project, agent, operation, subject, metric, category, bin
"""


def counted(store: Store, now: datetime = LATER, counter: Summaries | None = None) -> list[dict[str, Any]]:
    assembled(store)
    (counter or Summaries(store)).refresh(now)
    return list(store.query(COUNTS))


def of(rows: list[dict[str, Any]], metric: str, agent: str = "coder") -> Counter[tuple[str, int]]:
    found: Counter[tuple[str, int]] = Counter()
    for row in rows:
        if row["metric"] == metric and row["agent"] == agent and row["n"]:
            found[row["category"], row["bin"]] += row["n"]
    return found


def bin_of(value: float) -> int:
    return int(bins_of(np.array([value]))[0])


def talked(tools: int = 2, **known: Any) -> Conversation:
    talk = Conversation()
    talk.model("search", input_tokens=100)
    for number in range(tools):
        talk.tool("search", {"q": number}, "see the manual", **known)
    return talk


def test_each_metric_of_a_call_is_counted(store: Store, load: Any) -> None:
    load(*talked().ended())

    rows = counted(store)

    assert of(rows, "outcome") == {("ok", 0): 3}
    assert of(rows, "tool") == {("search", 0): 2}
    assert of(rows, "input tokens") == {("", bin_of(100.0)): 1}
    assert of(rows, "duration") == {("", bin_of(1.0)): 1, ("", bin_of(0.2)): 2}
    assert of(rows, "tool calls") == {("", bin_of(2.0)): 1}


def test_traces_are_counted_beside_calls(store: Store, load: Any) -> None:
    load(*talked(3).ended(), *talked(1).ended())

    rows = counted(store)

    tools = [row for row in rows if row["metric"] == "duration" and row["subject"] == "search"]
    assert (sum(row["n"] for row in tools), sum(row["traces"] for row in tools)) == (4, 2)


def test_counting_again_replaces_and_never_adds(store: Store, load: Any) -> None:
    load(*talked().ended())

    first = counted(store)

    assert counted(store) == first


def test_what_comes_late_is_counted_with_the_rest(store: Store, load: Any) -> None:
    counter = Summaries(store)
    load(*talked(1).ended())
    assert of(counted(store, counter=counter), "tool") == {("search", 0): 1}
    load(*talked(2).ended())
    assembled(store)

    counter.touch([NOW - timedelta(minutes=10)])
    too_soon = counter.refresh(LATER + timedelta(minutes=1))
    again = counter.refresh(LATER + timedelta(minutes=11))

    assert (too_soon, len(again)) == ([], 1)
    assert of(counted(store, LATER + timedelta(minutes=30), counter), "tool") == {("search", 0): 3}


def test_an_hour_that_is_not_over_is_not_counted(store: Store, load: Any) -> None:
    load(*talked().ended())

    assert not counted(store, NOW)


def test_what_failed_is_a_category_by_its_type(store: Store, load: Any) -> None:
    load(*talked(1, error="TimeoutError").ended())

    assert of(counted(store), "outcome") == {("TimeoutError", 0): 1, ("ok", 0): 1}


def test_too_many_series_and_categories_are_other(
    store: Store, load: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(summaries, "CATEGORIES_MAX", 2)
    talk = Conversation()
    for tool, times in (("a", 5), ("b", 4), ("c", 3), ("d", 2)):
        for _ in range(times):
            talk.tool(tool, {}, "ok")
    load(*talk.ended())

    assert of(counted(store), "tool") == {("a", 0): 5, ("b", 0): 4, ("other", 0): 5}

    monkeypatch.setattr(summaries, "SERIES_MAX", 3)
    few = counted(store)
    assert sum(of(few, "duration", "other").values()) > 0
    total = sum(row["n"] for row in few if row["metric"] == "outcome")
    assert total == 15


@pytest.mark.parametrize("name", ["\u202ex", "a" * 5_000, "'; DROP TABLE steps", "\x00"])
def test_hostile_names_are_bounded(store: Store, load: Any, name: str) -> None:
    talk = Conversation()
    talk.tool(name, {}, "ok")
    load(*talk.ended())

    assert all(len(row["category"]) <= 200 for row in counted(store))
