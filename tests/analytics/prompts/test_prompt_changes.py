"""A prompt or a set of tools that took over is a known change, through real loading and assembly."""

import json
import random
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from analytics.api.drift_models import BlamedChange, DriftAlarm, Explanation
from analytics.api.models import Deployment
from analytics.deployments.seen import seen_changes
from analytics.period import Period
from analytics.prompts.prompt_counts import PromptCounts
from analytics.rfc3339 import rfc3339
from analytics.series.prompt_sentences import with_sentences
from collector.store.store import Store
from tests.analytics.detectors.conversation import Conversation
from tests.analytics.detectors.looking import assembled
from tests.analytics.rows import NOW
from tests.builders import pairs

HOUR = timedelta(hours=1)
TOP = NOW.replace(minute=0, second=0, microsecond=0)
LONG = " ".join(f"Rule {'i' * n}: never do what is forbidden by the law." for n in range(1, 60))
PLAN = f"You plan. {LONG} Be brief."
SEARCH = {"name": "search", "description": "Looks up.", "parameters": {"type": "object"}}

Write = Callable[[int, int], dict[str, str]]


def prompt(text: str) -> dict[str, str]:
    return {"gen_ai.system_instructions": json.dumps([{"type": "text", "content": text}])}


def tools(*told: dict[str, Any]) -> dict[str, str]:
    return {"gen_ai.tool.definitions": json.dumps(told)}


def changes(store: Store, load: Any, write: Write, *, hours: int = 6, calls: int = 4) -> list[Deployment]:
    """Return what is seen of so many hours before now, each with calls that are written with `write`."""
    spans = []
    for hour in range(hours):
        for call in range(calls):
            talk = Conversation(
                began_s_ago=(NOW - TOP + (hours - hour) * HOUR).total_seconds() - 60 * call - 5
            )
            talk.model("search", asked="[]")
            ended = talk.ended()
            for span in ended:
                if span.name.startswith("chat"):
                    span.attributes.extend(pairs(write(hour, call)))
            spans += ended
    load(*spans)
    assembled(store)
    counter = PromptCounts(store)
    for hour in range(hours):
        counter.count(TOP - (hours - hour) * HOUR, version=1, steps=100)
    return list(seen_changes(store, "default", Period(TOP - (hours + 1) * HOUR, NOW)))


def test_a_prompt_that_took_over_is_seen_at_its_hour_with_what_differs(store: Store, load: Any) -> None:
    (one,) = changes(store, load, lambda hour, _: prompt(PLAN if hour < 4 else f"{PLAN} Say please. Smile."))

    assert (one.what, one.source, one.agent, one.note) == ("prompt", "seen", "coder", "2 sentences added")
    assert one.at == rfc3339(TOP - 2 * HOUR)


def test_a_set_of_tools_that_took_over_is_seen(store: Store, load: Any) -> None:
    fax, other = {**SEARCH, "name": "fax"}, {**SEARCH, "description": "Finds."}

    (one,) = changes(store, load, lambda hour, _: tools(SEARCH) if hour < 4 else tools(fax, other))

    assert (one.what, one.note) == ("tool set", "fax added; search changed")


def test_a_few_calls_an_hour_are_enough(store: Store, load: Any) -> None:
    (one,) = changes(store, load, lambda hour, _: prompt(PLAN if hour < 3 else "You rush."), calls=1)

    assert one.note == "1 sentence added, 61 removed"


def test_counting_an_hour_again_changes_nothing(store: Store, load: Any) -> None:
    first = changes(store, load, lambda hour, _: prompt(PLAN if hour < 4 else "You rush."))
    for hour in range(6):
        PromptCounts(store).count(TOP - (6 - hour) * HOUR, version=2, steps=100)

    assert list(seen_changes(store, "default", Period(TOP - 7 * HOUR, NOW))) == first


def dated(hour: int, call: int) -> dict[str, str]:
    return prompt(f"Today is {'Monday' if hour < 4 else 'Tuesday'}, {hour} May, {call}:00. {PLAN}")


def named(hour: int, call: int) -> dict[str, str]:
    letters = random.Random(hour * 100 + call).choices("abcdefghijk", k=9)
    return prompt(f"You help {''.join(letters)}. {PLAN}")


def other_order(_: int, call: int) -> dict[str, str]:
    fax = {**SEARCH, "name": "fax"}
    return tools(SEARCH, fax) if call % 2 else tools(fax, dict(reversed(SEARCH.items())))


def two(hour: int, call: int) -> dict[str, str]:
    return prompt(PLAN if (hour + call) % 2 else "You sum up.")


def captured_late(hour: int, _: int) -> dict[str, str]:
    return {} if hour < 3 else prompt(PLAN)


def once(hour: int, call: int) -> dict[str, str]:
    return prompt("You are tried out." if (hour, call) == (4, 1) else PLAN)


def made_up(hour: int, call: int) -> dict[str, str]:
    """Each hour has a prompt of its own, which its calls share."""
    return prompt(f"Your task is {'abcdefgh'[hour] * 5}. {PLAN}")


def never_the_same(hour: int, call: int) -> dict[str, str]:
    return prompt(" ".join(random.Random(hour * 100 + call).choices(PLAN.split(), k=50)))


@pytest.mark.parametrize("write", [dated, named, other_order, two, captured_late, once, never_the_same])
def test_look_alikes_are_no_change(store: Store, load: Any, write: Write) -> None:
    assert changes(store, load, write) == []


def test_an_agent_whose_prompts_are_made_up_as_it_runs_changes_only_at_first(store: Store, load: Any) -> None:
    assert len(changes(store, load, made_up)) == 3


@pytest.mark.parametrize(
    "write", [lambda *_: tools(*[{"name": "x" * 9_000}] * 300), lambda *_: prompt("x" * 200_000)]
)
def test_hostile_sizes_are_bounded(store: Store, load: Any, write: Write) -> None:
    changes(store, load, write, hours=1)

    (row,) = store.query("SELECT max(length(part_hashes)) AS parts FROM prompt_fingerprints")
    assert row["parts"] <= 3


def test_the_sentences_that_differ_are_read_when_they_are_asked_for(store: Store, load: Any) -> None:
    after = PLAN.replace("Be brief.", "Answer at length.")
    (change,) = changes(store, load, lambda hour, _: prompt(PLAN if hour < 4 else after))
    blamed = BlamedChange(**change.model_dump(), hours_before=1.0)
    explanation = Explanation(headline="", moved="location", is_up=True, changes=[blamed])
    alarm = DriftAlarm.model_construct(explanation=explanation)

    (shown,) = with_sentences(store, "default", alarm).explanation.changes
    store.command("TRUNCATE TABLE spans")
    (gone,) = with_sentences(store, "default", alarm).explanation.changes

    assert (shown.added, shown.removed) == (["Answer at length."], ["Be brief."])
    assert (gone.added, gone.removed) == ([], [])
