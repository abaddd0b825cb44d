"""A prompt or a set of tools that took over is a known change, through real loading and assembly."""

import json
import random
from collections.abc import Callable, Sequence
from datetime import timedelta
from itertools import product
from typing import Any

import pytest
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from analytics.api.drift_models import BlamedChange, DriftAlarm, Explanation
from analytics.api.models import Deployment
from analytics.deployments.seen import seen_changes
from analytics.period import Period
from analytics.prompts.prompt_counts import PromptCounts
from analytics.rfc3339 import rfc3339
from analytics.series.gathered import gathered
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

# The hours that have calls, counted from 0: the first are long enough ago for an agent to be known.
AGO_H = (30, 29, 4, 3, 2, 1)
TENANTS = [f"{chr(97 + number % 26) * 3}{chr(97 + number // 26)}" for number in range(60)]

Write = Callable[[int, int], dict[str, str]]


def prompt(text: str) -> dict[str, str]:
    return {"gen_ai.system_instructions": json.dumps([{"type": "text", "content": text}])}


def tools(*told: dict[str, Any]) -> dict[str, str]:
    return {"gen_ai.tool.definitions": json.dumps(told)}


def spans(write: Write, calls: int, hours: Sequence[int]) -> list[Span]:
    """Return the calls of some hours, each of a trace of its own."""
    found = []
    for hour, call in product(hours, range(calls)):
        began_s = (NOW - TOP + AGO_H[hour] * HOUR).total_seconds() - 60 * call - 5
        talk = Conversation(began_s_ago=began_s)
        talk.model("search", asked="[]")
        for one in talk.ended():
            if one.name.startswith("chat"):
                one.attributes.extend(pairs(write(hour, call)))
            found.append(one)
    return found


def count(store: Store, version: int = 1) -> list[Deployment]:
    """Count every hour, and return what is seen since then."""
    assembled(store)
    for ago_h in AGO_H:
        with gathered(store, TOP - ago_h * HOUR):
            PromptCounts(store).count(version, steps=100)
    return list(seen_changes(store, "default", Period(TOP - (AGO_H[0] + 1) * HOUR, NOW)))


def changes(store: Store, load: Any, write: Write, calls: int = 4) -> list[Deployment]:
    """Return what is seen of hours whose calls are written with `write`."""
    load(*spans(write, calls, range(len(AGO_H))))
    return count(store)


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

    assert one.note == "1 sentence added, 62 removed"


def test_an_hour_that_is_counted_again_has_what_it_has_then(store: Store, load: Any) -> None:
    """Of ten calls with a name each, four had come at first, of which three have one sentence more."""

    def write(hour: int, call: int) -> dict[str, str]:
        more = " Say please." if hour == 4 and call < 3 else ""
        return prompt(f"You plan. You help {chr(97 + call) * 3}{hour:c}. {LONG}{more}")

    load(*spans(write, 10, (0, 1, 2, 3, 5)), *spans(write, 4, (4,)))
    early = count(store)
    load(*spans(lambda hour, call: write(hour, call + 4), 6, (4,)))

    assert [one.note for one in early] == ["1 sentence added"]
    assert count(store, version=2) == []


def dated(hour: int, call: int) -> dict[str, str]:
    return prompt(f"Today is {'Monday' if hour < 4 else 'Tuesday'}, {hour} May, {call}:00. {PLAN}")


def named(hour: int, call: int) -> dict[str, str]:
    letters = random.Random(hour * 100 + call).choices("abcdefghijk", k=9)
    return prompt(f"You help {''.join(letters)}. {PLAN}")


def tenants(hour: int, call: int) -> dict[str, str]:
    """The name of a customer, of whom some call often and most seldom."""
    weights = [1 / (1 + place) for place in range(len(TENANTS))]
    (tenant,) = random.Random(hour * 100 + call).choices(TENANTS, weights)
    return prompt(f"You plan. You help {tenant} of ours. {PLAN}")


def speakers(hour: int, call: int) -> dict[str, str]:
    """Messages of people who have names; no tools."""
    said = [{"role": "user", "name": f"Anna {TENANTS[hour]}", "content": f"{call}", "parameters": {}}]
    return {"events": json.dumps([{"role": "system", "content": PLAN}, *said])}


def deep(_: int, call: int) -> dict[str, str]:
    nested = "[" * 500 + "]" * 500
    message = f'[{{"role": "system", "content": {nested}}}]'
    return {
        "gen_ai.tool.definitions": f'[{{"name": "a", "parameters": {{"x": {nested}}}}}]',
        "events": message,
    }


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


LOOK_ALIKES = (
    *(dated, named, tenants, speakers, deep, other_order, two, captured_late, once, never_the_same),
)


@pytest.mark.parametrize("write", LOOK_ALIKES)
def test_look_alikes_are_no_change(store: Store, load: Any, write: Write) -> None:
    assert changes(store, load, write, calls=10) == []


def test_an_agent_whose_prompts_are_made_up_as_it_runs_changes_only_at_first(store: Store, load: Any) -> None:
    assert len(changes(store, load, made_up)) == 3


def test_hostile_sizes_are_bounded(store: Store, load: Any) -> None:
    offered = tools(*({"name": f"{number}{'n' * 200}"} for number in range(190)))
    told = prompt(
        " ".join(f"Rule {chr(97 + number // 26) + chr(97 + number % 26)}." for number in range(600))
    )

    changes(store, load, lambda *_: offered | told)

    rows = store.query(
        "SELECT toString(what) AS of, length(part_hashes) AS parts, length(part_names[1]) AS name"
        " FROM prompt_fingerprints GROUP BY ALL ORDER BY of"
    )
    assert [tuple(row.values()) for row in rows] == [("prompt", 501, 0), ("tool set", 190, 100)]


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
