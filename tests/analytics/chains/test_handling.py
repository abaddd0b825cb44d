"""What became of an error that somebody contained, by what was captured; through real loading."""

import json
from typing import Any

import pytest

from collector.store.store import Store
from tests.analytics.chains.test_recorder import recorded
from tests.analytics.detectors.conversation import Conversation

FORECAST = "It will be sunny in Paris at 21.5 degrees, with wind from WX-4410"


def message(text: str) -> str:
    return json.dumps([{"role": "assistant", "parts": [{"type": "text", "content": text}]}])


def forecast(
    answer: str, *, again: dict[str, Any] | None = None, taken: bool = True, content: bool = True
) -> Conversation:
    """The weather cannot be had, its agent answers all the same, and a planner takes that in or not."""
    talk = Conversation(content=content)
    with talk.turn("forecaster", message("How will it be?"), message(answer)) as forecaster:
        talk.tool("weather", {"city": "LOC-77"}, agent="forecaster", parent=forecaster, error="HTTP 503")
        if again:
            talk.tool("almanac", again, {"degrees": 1}, agent="forecaster", parent=forecaster)
    with talk.turn("planner", message(answer if taken else "Plan the day."), message("We walk.")):
        pass
    return talk


def handled(store: Store, load: Any, talk: Conversation) -> str:
    load(*talk.ended())
    (chain,) = recorded(store)
    assert chain["outcome"] == "contained"
    return str(chain["handling"])


def test_an_answer_that_says_nothing_of_it_and_is_taken_in_is_consumed(store: Store, load: Any) -> None:
    talk = forecast(FORECAST)

    assert handled(store, load, talk) == "consumed"
    (row,) = store.query(
        "SELECT lower(hex(arrayFirst(one -> true, chains).consumer)) AS consumer FROM chains"
    )
    assert row["consumer"] == next(
        span.span_id.hex() for span in talk.spans if span.name == "invoke_agent" and span is talk.spans[-1]
    )


def test_one_that_nobody_takes_in_is_silent(store: Store, load: Any) -> None:
    assert handled(store, load, forecast(FORECAST, taken=False)) == "silent"


@pytest.mark.parametrize(
    "answer",
    ["The weather service could not be reached.", "It failed, so I guess 20.", "Leider keine Daten."],
)
def test_one_that_says_so_is_told(store: Store, load: Any, answer: str) -> None:
    assert handled(store, load, forecast(answer)) == "told"


def test_another_call_about_the_same_makes_up_for_it(store: Store, load: Any) -> None:
    assert handled(store, load, forecast(FORECAST, again={"city": "LOC-77"})) == "made up for"


def test_another_call_about_something_else_does_not(store: Store, load: Any) -> None:
    assert handled(store, load, forecast(FORECAST, again={"city": "LOC-99"})) == "consumed"


def test_without_content_nobody_knows(store: Store, load: Any) -> None:
    assert handled(store, load, forecast(FORECAST, content=False)) == "unknown"
