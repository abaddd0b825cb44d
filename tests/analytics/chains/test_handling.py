"""What became of an error that somebody contained, by what was captured; through real loading."""

import json
from functools import partial
from typing import Any

import pytest

from analytics.chains import following
from analytics.chains.recorder import ChainRecorder
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


def said_by_models(answer: str = FORECAST, *, state: str = "", later: str = "") -> Conversation:
    """As LangGraph's: steps stand in an agent, which puts out all that was said, or nothing, as AutoGen's.

    Parameters
    ----------
    state
        What the agent, and the step that its call stands in, put out.
    later
        Another tool that is called about the same, in another step.
    """
    talk = Conversation()
    with talk.turn("forecaster", message("How will it be?"), state) as forecaster:
        step = partial(talk.turn, "forecaster", parent=forecaster, operation="orchestrate_tools")
        with step(answer=state) as one:
            talk.tool("weather", {"city": "LOC-77"}, agent="forecaster", parent=one, error="HTTP 503")
        if later:
            with step() as another:
                talk.tool(later, {"city": "LOC-77"}, 1, agent="forecaster", parent=another)
        talk.model(answer=message(answer), agent="forecaster", parent=forecaster)
    with talk.turn("planner", message(answer), message("We walk.")):
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
        "SELECT lower(hex(arrayFirst(one -> true, chains).consumer)) AS consumer FROM chains FINAL"
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


def test_an_agent_that_puts_out_nothing_is_judged_by_what_its_models_say(store: Store, load: Any) -> None:
    assert handled(store, load, said_by_models()) == "consumed"


def test_that_a_model_was_told_of_it_is_no_answer(store: Store, load: Any) -> None:
    state = json.dumps({"messages": [{"type": "tool", "content": "error: HTTP 503"}, {"content": FORECAST}]})

    assert handled(store, load, said_by_models(state=state)) == "consumed"


def test_a_model_that_says_so_tells(store: Store, load: Any) -> None:
    assert handled(store, load, said_by_models("The weather is not available.")) == "told"


@pytest.mark.parametrize("tool", ["weather", "almanac"])
def test_a_call_about_the_same_in_another_step_of_the_agent_makes_up_for_it(
    store: Store, load: Any, tool: str
) -> None:
    assert handled(store, load, said_by_models(later=tool)) == "made up for"


def test_without_values_only_the_same_tool_is_about_the_same(store: Store, load: Any) -> None:
    talk = Conversation()
    with talk.turn("forecaster", message("How will it be?"), message(FORECAST)) as forecaster:
        talk.tool("weather", {"city": "Bern"}, agent="forecaster", parent=forecaster, error="HTTP 503")
        talk.tool("news", {"city": "Bern"}, "quiet", agent="forecaster", parent=forecaster)

    assert handled(store, load, talk) == "silent"


def test_where_arguments_are_not_captured_any_other_call_may_have_made_up_for_it(
    store: Store, load: Any
) -> None:
    talk = Conversation()
    with talk.turn("forecaster", message("How will it be?"), message(FORECAST)) as forecaster:
        talk.tool("weather", agent="forecaster", parent=forecaster, error="HTTP 503")
        talk.tool("almanac", agent="forecaster", parent=forecaster)

    assert handled(store, load, talk) == "made up for"


def test_an_error_of_many_traces_leaves_room_for_a_rare_one(
    store: Store, load: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(following, "TRACES_MAX", 2)
    rare = Conversation()
    with rare.turn("reporter", message("What is new?"), message(FORECAST)) as reporter:
        rare.tool("news", {"city": "Bern"}, agent="reporter", parent=reporter, error="HTTP 503")
    load(*(span for _ in range(5) for span in forecast(FORECAST).ended()), *rare.ended())

    recorder = ChainRecorder(store)
    first = [(chain["label"], chain["handling"]) for chain in recorded(store, recorder)]
    later = [chain["handling"] for _ in range(2) for chain in recorded(store, recorder)][-6:]

    assert ("news", "silent") in first
    assert [word for _, word in first].count("unknown") == 4
    # what there was no time for is read by the next looks
    assert sorted(later) == ["consumed"] * 5 + ["silent"]
