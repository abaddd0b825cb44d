"""Waits that nothing is seen to end, and those that are long and yet end, or of which too little is known."""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

from analytics.detectors.detector import Window
from analytics.detectors.missing_timeout import MissingTimeout
from analytics.detectors.round_timeout import round_timeout_s
from collector.store.store import Store
from tests.analytics.baselines.durations import limits, spread
from tests.analytics.detectors.past_traces import Past, agent, failing, tool
from tests.analytics.rows import NOW, insert, observation, step

DETECTOR = MissingTimeout()


WAIT = {
    "waiting_on": "",
    "wait_reason": "",
    "handoff_to": "",
    "error_message": "",
    "wait_timeout_s": None,
}


def waits(
    durations_s: Sequence[float], *, first: int = 1, ago_s: float = 5_000, **fields: Any
) -> list[dict[str, Any]]:
    """Return steps of one agent and tool, that ended one after the other."""
    return [
        step(first + number, ended_ago_s=ago_s - number, duration_s=float(duration_s), **(WAIT | fields))
        for number, duration_s in enumerate(durations_s)
    ]


def look(store: Store) -> Any:
    window = Window(NOW)
    rows = store.query(DETECTOR.sql, DETECTOR.parameters(window))
    return DETECTOR.detect(rows, window, limits()).findings


def test_one_wait_far_beyond_the_others_shows_that_nothing_ends_it(store: Store) -> None:
    insert(store, "steps", waits([*spread(2, 150), 1_234.0]))

    (finding,) = look(store)

    assert (finding.severity, finding.grade) == ("S4", "probable")
    assert finding.title == (
        "coder waits for await_tests without a timeout that shows: one took 20m 34s,"
        " half take 2.01 s, and 0 of 151 waits ended by a timeout"
    )
    assert finding.span_ids == [f"{151:016x}"]
    assert finding.evidence["n"] == 151


def test_an_open_wait_is_worse_and_takes_fewer_others(store: Store) -> None:
    insert(store, "steps", waits(spread(2, 30)))
    insert(store, "open_spans", [observation(500, age_s=300, heartbeats=31, handoff_to="")])

    (finding,) = look(store)

    assert finding.severity == "S3"
    assert "one is open and was so for 5m 00s" in finding.title
    assert finding.evidence["longest_is_open"]


def test_an_open_span_counts_only_for_as_long_as_it_was_seen_open(store: Store) -> None:
    """A single report of an hour ago: it may have ended a second later."""
    insert(store, "steps", waits(spread(2, 150)))
    insert(store, "open_spans", [observation(500, age_s=3_600, seen_ago_s=3_600, handoff_to="")])

    assert not look(store)


SOME = spread(2, 150)
LOOK_ALIKES = [
    pytest.param(waits([*SOME, 1_234.0])[:98], id="too few to know what is usual"),
    pytest.param(waits([*SOME, 50.0]), id="a wait too short for anybody to care"),
    pytest.param(waits([*spread(20, 150), 250.0]), id="a wait within ten times the usual"),
    pytest.param(
        waits(SOME) + waits([600.3], first=200, status="error", error_type="TimeoutError"),
        id="a timeout ended one",
    ),
    pytest.param(
        waits(SOME) + waits([600.3], first=200, status="error", error_message="Request timed out."),
        id="a timeout that only the message tells",
    ),
    pytest.param(waits([*SOME, 300.2, 300.1, 300.4, 303.0]), id="the longest heap at five minutes"),
    pytest.param(waits([*SOME, 1_234.0], wait_reason="timer"), id="a timer"),
    pytest.param(waits([*SOME, 7_200.0], wait_timeout_s=86_400.0), id="the wait says when it gives up"),
    pytest.param(
        waits([*SOME, 1_234.0]) + waits(SOME, first=300, ago_s=3_000, agent_version="2"),
        id="a version that may have mended it",
    ),
]


@pytest.mark.parametrize("rows", LOOK_ALIKES)
def test_a_wait_that_ends_or_of_which_too_little_is_known_is_not_told(
    store: Store, rows: list[dict[str, Any]]
) -> None:
    insert(store, "steps", rows)

    assert not look(store)


def test_a_new_version_that_waits_as_long_is_told_though_it_has_few_waits(store: Store) -> None:
    mended = waits([*spread(2, 10), 1_234.0], first=300, ago_s=3_000, agent_version="2")
    insert(store, "steps", waits(SOME) + mended)

    (finding,) = look(store)

    assert finding.evidence["newest_version"] == "2"


def test_a_persons_answer_may_take_long_but_not_ten_times_the_longest_usual(store: Store) -> None:
    """An open one says nothing yet: waiting for a person is not stuck."""
    insert(store, "steps", waits(spread(2, 150), kind="wait", wait_reason="human", waiting_on="ann"))
    is_open = {"kind": "wait", "wait_reason": "human", "waiting_on": "ann", "tool": "", "handoff_to": ""}
    insert(store, "open_spans", [observation(500, age_s=1_000, heartbeats=100, **is_open)])
    assert look(store) == []

    insert(store, "steps", waits([90_000.0], first=700, kind="wait", wait_reason="human", waiting_on="ann"))
    assert [finding.title.split(":")[0] for finding in look(store)] == [
        "coder waits for a person, ann without a timeout that shows"
    ]


def test_tools_are_told_by_whoever_calls_them_as_they_are_loaded(store: Store, load: Any) -> None:
    past = Past(store, load, DETECTOR)
    past.add(agent("coder", tool("run", seconds=1 + number % 7 / 10)) for number in range(120))
    past.add([agent("coder", tool("run", seconds=400)), agent("tester", tool("run", seconds=400))])

    (finding,) = past.look().findings

    assert finding.agents == ["coder"]


def test_a_timeout_of_the_framework_is_seen_as_it_is_loaded(store: Store, load: Any) -> None:
    past = Past(store, load, DETECTOR)
    past.add(agent("coder", tool("run", seconds=1 + number % 7 / 10)) for number in range(120))
    past.add([agent("coder", failing(tool("run", seconds=400), "httpx.ReadTimeout"))])

    assert not past.look().findings


@pytest.mark.parametrize("timeout_s", [1.0, 2.5, 30.0, 60.0, 90.0, 600.0, 3_600.0])
def test_a_timeout_is_read_from_where_durations_heap(timeout_s: float) -> None:
    heap = [timeout_s * (1 + share) for share in (0.0001, 0.001, 0.004)]

    assert round_timeout_s(sorted([*heap, timeout_s / 2], reverse=True)) == timeout_s


def test_ordinary_durations_seldom_heap() -> None:
    random = np.random.default_rng(5)
    draws = [sorted(random.lognormal(math.log(2), 1, 1_000), reverse=True)[:100] for _ in range(1_000)]

    assert sum(round_timeout_s(longest) is not None for longest in draws) < 10
