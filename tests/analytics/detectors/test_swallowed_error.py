"""Answers that say nothing of what failed beneath them, and those that do; through real loading."""

from datetime import timedelta
from typing import Any

import pytest

from analytics.baselines.habit import habit_of
from analytics.detectors.detector import Limits, Outcome, Window
from analytics.detectors.swallowed_error import SwallowedError
from collector.store.store import Store
from tests.analytics.chains.test_handling import FORECAST, forecast
from tests.analytics.detectors.conversation import Conversation
from tests.analytics.detectors.looking import UNLEARNED, Learned, assembled, chains_recorded
from tests.analytics.rows import NOW

SWALLOWED = SwallowedError()


def looked(store: Store, window: Window | None = None, learned: Limits = UNLEARNED) -> Outcome:
    assembled(store)
    chains_recorded(store)
    window = window or Window(NOW)
    return SWALLOWED.detect(store.query(SWALLOWED.sql, SWALLOWED.parameters(window)), window, learned)


def test_an_answer_that_others_go_on_from_is_told_with_the_first_who_did(store: Store, load: Any) -> None:
    talk = forecast(FORECAST)
    load(*talk.ended())

    (finding,) = looked(store).findings

    assert finding.title == (
        "forecaster answers as if nothing had failed after HTTP 503 in weather, and others go on from that"
        " answer in 1 trace"
    )
    assert (finding.grade, finding.severity, finding.certain) == ("probable", "S2", False)
    tool, forecaster, planner = (span.span_id.hex() for span in talk.spans)
    assert finding.span_ids == [tool, forecaster, planner]
    assert "HTTP" in finding.evidence["origin"]["error_type"]


def test_one_that_nobody_takes_in_is_suspected(store: Store, load: Any) -> None:
    load(*forecast(FORECAST, taken=False).ended())

    (finding,) = looked(store).findings

    assert (finding.grade, finding.severity) == ("suspected", "S3")
    assert (
        finding.title == "forecaster answers as if nothing had failed after HTTP 503 in weather, in 1 trace"
    )


def test_the_same_in_many_traces_is_one_finding_and_ends_after_an_hour(store: Store, load: Any) -> None:
    load(*forecast(FORECAST).ended(), *forecast(FORECAST).ended())
    (finding,) = looked(store).findings
    key = finding.project, finding.fingerprint

    outcome = looked(store, Window(NOW + timedelta(hours=2), frozenset({key}), {}, 2**62))

    assert finding.evidence["consumed"] == 2
    assert not outcome.findings
    assert outcome.resolutions[key].word == "progressed"
    assert not looked(store, Window(NOW, frozenset({key}))).resolutions


@pytest.mark.parametrize(("failed", "told"), [(60, 0), (40, 1)])
def test_what_most_of_such_calls_do_is_expected(store: Store, load: Any, failed: int, told: int) -> None:
    load(*forecast(FORECAST, taken=False).ended())
    habit = habit_of([0, 1], [100 - failed, failed])
    assert habit

    found = looked(store, learned=Learned({("failed", "forecaster\0weather"): habit})).findings

    assert len(found) == told


def test_a_finding_of_what_is_expected_by_now_says_so(store: Store, load: Any) -> None:
    load(*forecast(FORECAST, taken=False).ended())
    (finding,) = looked(store).findings
    key = finding.project, finding.fingerprint
    habit = habit_of([0, 1], [40, 60])
    assert habit

    outcome = looked(
        store, Window(NOW, frozenset({key})), learned=Learned({("failed", "forecaster\0weather"): habit})
    )

    assert "expected" in outcome.resolutions[key].sentence


def retried() -> Conversation:
    talk = Conversation()
    with talk.turn("forecaster", "How?", FORECAST) as forecaster:
        talk.tool("weather", {"city": "LOC-77"}, agent="forecaster", parent=forecaster, error="HTTP 503")
        talk.tool("weather", {"city": "LOC-77"}, "sunny", agent="forecaster", parent=forecaster)
    return talk


LOOK_ALIKES = {
    "told": forecast("The weather service could not be reached; bring an umbrella."),
    "told as a guess": forecast("No data was available, so this is a guess: 21 degrees."),
    "made up for by another source": forecast(FORECAST, again={"city": "LOC-77"}),
    "retried": retried(),
    "content not captured": forecast(FORECAST, content=False),
}


@pytest.mark.parametrize("name", LOOK_ALIKES)
def test_look_alikes_stay_silent(store: Store, load: Any, name: str) -> None:
    load(*LOOK_ALIKES[name].ended())

    assert not looked(store).findings
