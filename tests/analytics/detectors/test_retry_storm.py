"""Calls that are made again and again by everybody, and what only looks so; through real loading."""

from datetime import timedelta
from typing import Any

import pytest

from analytics.detectors.detector import Window
from analytics.detectors.retry_storm import RetryStorm
from collector.store.store import Store
from tests.analytics.detectors.conversation import Conversation
from tests.analytics.detectors.looking import looked
from tests.analytics.rows import NOW

STORM = RetryStorm()


def calls(
    count: int,
    failures: int,
    *,
    pauses_s: tuple[float, ...] = (0.1,),
    error: str = "ServerError",
    began_s_ago: float = 125,
    within_s: float = 110,
    side_by_side: bool = False,
    content: bool = True,
    of_one: bool = True,
    every: int = 1,
    by_model: bool = False,
) -> list[Any]:
    """So many traces within two minutes, of which every so many-th fails so often before it succeeds."""
    spans: list[Any] = []
    for number in range(count):
        talk = Conversation(began_s_ago=began_s_ago - within_s * number / count, content=content)
        for attempt in range(failures if number % every == 0 else 0):
            seat = 7 if of_one else attempt
            asked = {"gen_ai.tool.call.id": f"call_{number}_{attempt}"} if by_model else {}
            talk.tool("book", {"seat": seat}, seconds=0.1, error=error, **asked)
            talk.pause(-0.1 if side_by_side else pauses_s[min(attempt, len(pauses_s) - 1)])
        talk.tool("book", {"seat": 7}, "booked", seconds=0.1)
        spans += talk.ended()
    return spans


@pytest.mark.parametrize("by_model", [False, True], ids=["by code", "by a model, which gives each an id"])
def test_a_tool_that_everybody_calls_again_is_a_storm(store: Store, load: Any, *, by_model: bool) -> None:
    load(*calls(120, 2, by_model=by_model))

    (finding,) = looked(STORM, store).findings

    assert (finding.grade, finding.severity, finding.fingerprint) == ("confirmed", "S2", "tool:book")
    assert finding.agents == ["coder"]
    assert [minute["ratio"] for minute in finding.evidence["minutes"]] == [2.0, 2.0]
    assert "again after ServerError, 100 ms after each failure" in finding.title
    assert 0 < len(finding.trace_ids) <= 5


@pytest.mark.parametrize(
    "options",
    [
        pytest.param({"failures": 0}, id="nothing fails"),
        pytest.param({"failures": 1, "every": 6}, id="a sixth of the calls fail once: rightly retried"),
        pytest.param({"failures": 2, "count": 12}, id="few calls"),
        pytest.param({"failures": 2, "within_s": 50}, id="a minute of trouble that is over"),
        pytest.param({"failures": 2, "side_by_side": True}, id="hedged: attempts side by side"),
        pytest.param(
            {"failures": 2, "error": "429", "pauses_s": (2.0,)}, id="a limit of rate that is honoured"
        ),
        pytest.param({"failures": 3, "of_one": False}, id="other calls after those that failed"),
        pytest.param({"failures": 2, "content": False}, id="who knows what was called: nothing captured"),
    ],
)
def test_what_only_looks_like_a_storm_is_no_finding(options: dict[str, Any], store: Store, load: Any) -> None:
    load(*calls(**{"count": 120, **options}))

    assert not looked(STORM, store).findings


def test_a_limit_of_rate_that_is_not_honoured_is_a_storm(store: Store, load: Any) -> None:
    load(*calls(120, 2, error="429"))

    assert [finding.grade for finding in looked(STORM, store).findings] == ["confirmed"]


def test_with_back_off_it_is_suspected(store: Store, load: Any) -> None:
    load(*calls(120, 3, pauses_s=(0.1, 0.2, 0.4)))

    (finding,) = looked(STORM, store).findings

    assert (finding.grade, finding.severity) == ("suspected", "S3")


@pytest.mark.parametrize(
    ("every", "is_found"), [pytest.param(8, True, id="12 %"), pytest.param(15, False, id="7 %")]
)
def test_a_storm_is_over_below_a_tenth(store: Store, load: Any, every: int, *, is_found: bool) -> None:
    load(*calls(240, 1, every=every))
    watched = Window(NOW, frozenset({("default", "tool:book")}))

    outcome = looked(STORM, store, watched)

    assert bool(outcome.findings) == is_found
    assert (
        [resolution.word for resolution in outcome.resolutions.values()] == [] if is_found else ["progressed"]
    )


def test_what_was_minutes_ago_is_not_read(store: Store, load: Any) -> None:
    load(*calls(120, 2))

    assert not looked(STORM, store, Window(NOW + timedelta(minutes=5))).findings
