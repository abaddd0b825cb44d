"""Mix against behaviour: of calls, of agents over the models and tools they use; on a real store.

What is compared lies a week apart: at the same hours of the day, of days of one kind.
"""

import os
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pytest
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from analytics.api.drift_models import MixVerdict, ShareShift
from analytics.drift.mix_verdict import New, Part, Verdict
from analytics.series import explanation as explaining
from analytics.series.counts import Counts
from analytics.series.grown import grown
from analytics.series.in_traces import Hours, Telling, samples
from analytics.series.kept import Usual
from analytics.series.key import SeriesKey
from analytics.series.moved import Moved
from analytics.series.strata import has_strata, mix
from collector.store.store import Store
from tests.analytics.detectors.looking import assembled
from tests.analytics.rows import NOW
from tests.builders import SECOND, span

NOW_S = int(NOW.timestamp())
WEEK_S = 7 * 86_400
AFTER = NOW_S - 20_000, NOW_S
BEFORE = AFTER[0] - WEEK_S, AFTER[1] - WEEK_S
AGENT = SeriesKey("default", "", "coder", "invoke_agent", "", "duration")
ROOT = AGENT._replace(subject="invoke_agent coder")
IN_TRACE = AGENT._replace(operation="trace")
TOOL = AGENT._replace(operation="execute_tool", metric="tool")


def trace(
    at_s: float, seconds: float, models: Sequence[str], tools: Sequence[str], **more: Any
) -> list[Span]:
    """Return a trace of an agent that uses models and tools, under a workflow unless it is a root."""
    trace_id, agent_id, start_ns = os.urandom(16), os.urandom(8), int(at_s * SECOND)
    ids, is_root = {"trace_id": trace_id, "start_ns": start_ns}, more.pop("is_root", False)
    who = {"gen_ai.agent.name": "coder"} | more

    def call(name: str, about: dict[str, Any], parent: bytes, took: float = 1.0, **of: Any) -> Span:
        end_ns = start_ns + int(took * SECOND)
        return span(name, about, parent=parent, end_ns=end_ns, **ids, **of)

    workflow = os.urandom(8)
    about_agent = {"gen_ai.operation.name": "invoke_agent"} | who
    spans = [
        call("invoke_agent coder", about_agent, b"" if is_root else workflow, seconds, span_id=agent_id),
        *(
            call("chat", {"gen_ai.operation.name": "chat", "gen_ai.request.model": model} | who, agent_id)
            for model in models
        ),
        *(
            call(
                "tool",
                {"gen_ai.operation.name": "execute_tool", "gen_ai.tool.name": tool} | who,
                agent_id,
                seconds / 10,
            )
            for tool in tools
        ),
    ]
    return spans if is_root else [call("work", {}, b"", span_id=workflow), *spans]


def both(
    chance: np.random.Generator, share: tuple[float, float], factor: float = 1.0, **more: Any
) -> Iterator[Span]:
    """Traces of both times: a share uses a slow model and one tool more; since, all take so many times."""
    for hours, slow, times in zip((BEFORE, AFTER), share, (1.0, factor), strict=True):
        for _ in range(200):
            is_slow = chance.random() < slow
            seconds = (8.0 if is_slow else 2.0) * times * chance.lognormal(0, 0.1)
            models = ["large", "large", "small"] if is_slow else ["small"]
            at_s = chance.uniform(hours[0], hours[1] - 60)
            yield from trace(at_s, seconds, models, ["read", "search"] if is_slow else ["read"], **more)


def said(store: Store, key: SeriesKey, categories: Sequence[str] = ()) -> Verdict:
    found = mix(store, key, [BEFORE], AFTER, categories)
    assert found
    return found


def parts(store: Store, key: SeriesKey, categories: Sequence[str] = ()) -> dict[str, Part]:
    return {one.by: one for one in said(store, key, categories).parts}


@pytest.mark.parametrize("is_root", [False, True])
def test_an_agent_that_takes_a_slow_model_more_often_is_mix_by_model_and_by_tools(
    store: Store, load: Any, *, is_root: bool
) -> None:
    """Also where the agent is the root, of which all calls of the trace are."""
    load(*both(np.random.default_rng(1), (0.2, 0.5), is_root=is_root))
    assembled(store)

    found = parts(store, ROOT if is_root else AGENT)

    assert set(found) == {"model", "tools"}
    for part in found.values():
        assert part.mix == pytest.approx(0.3 * np.log(4), abs=0.12)
        assert abs(part.behaviour) < 0.04


def test_an_agent_that_is_slower_with_each_model_is_behaviour(store: Store, load: Any) -> None:
    load(*both(np.random.default_rng(2), (0.3, 0.3), 1.5))
    assembled(store)

    found = parts(store, AGENT)

    for part in found.values():
        assert part.behaviour == pytest.approx(np.log(1.5), abs=0.04)
        assert abs(part.mix) < 0.15


def test_how_many_calls_an_agent_makes_is_told_in_calls(store: Store, load: Any) -> None:
    load(*both(np.random.default_rng(3), (0.2, 0.6)))
    assembled(store)

    found = parts(store, IN_TRACE._replace(metric="model calls"))

    # 3 calls with the large model, one without
    assert found["model"].mix == pytest.approx(0.4 * 2, abs=0.2)
    assert found["model"].behaviour == pytest.approx(0, abs=1e-9)
    assert set(found) == {"model"}


def test_which_tool_an_agent_takes_is_told_by_its_model(store: Store, load: Any) -> None:
    load(*both(np.random.default_rng(4), (0.1, 0.5)))
    assembled(store)

    found = parts(store, TOOL, ["search"])

    assert set(found) == {"model"}
    assert found["model"].mix == pytest.approx(0.5 / 1.5 - 0.1 / 1.1, abs=0.07)
    assert found["model"].behaviour == pytest.approx(0, abs=1e-9)


def test_calls_of_a_tool_are_told_by_version_and_user_alone(store: Store, load: Any) -> None:
    chance = np.random.default_rng(5)
    for user in ("ann", "bob"):
        load(*both(chance, (0.3, 0.3), **{"user.id": user, "gen_ai.agent.version": user}))
    assembled(store)

    assert set(parts(store, AGENT._replace(operation="execute_tool", subject="read"))) == {"user", "version"}


def test_users_of_a_call_each_are_no_strata(store: Store, load: Any) -> None:
    """All of it would be mix, for none of them is in both times."""
    spans = [
        trace(hours[0] + place, 1 + place, ["small"], [], **{"user.id": f"{hours[0]} {place}"})
        for hours in (BEFORE, AFTER)
        for place in range(40)
    ]
    load(*(one for some in spans for one in some))
    assembled(store)

    assert mix(store, AGENT, [BEFORE], AFTER, []) is None
    assert mix(store, AGENT._replace(operation="chat", subject="small"), [BEFORE], AFTER, []) is None


def test_a_new_user_stands_alone_beside_more_than_are_told(store: Store, load: Any) -> None:
    spans = []
    for place in range(60 * 14):
        seconds = 1.0 + place % 60 % 3
        spans += trace(BEFORE[0] + place, seconds, [], [], **{"user.id": f"user {place % 60}"})
    for place in range(42):
        user, seconds = ("new", 9.0) if place < 12 else (f"user {place}", 1.0 + place % 3)
        spans += trace(AFTER[0] + place, seconds, [], [], **{"user.id": user})
    load(*spans)
    assembled(store)

    found = said(store, AGENT)

    assert (found.said, found.by) == ("mix", ["user"])
    assert found.new == [New("user", "new", pytest.approx(12 / 42))]
    told = MixVerdict.model_validate(found)
    assert (told.said, told.new[0].name) == ("mix", "new")
    # but for who is among the rest
    assert parts(store, AGENT)["user"].behaviour == pytest.approx(0, abs=0.02)


def test_a_healthy_night_is_compared_with_nights(store: Store, load: Any) -> None:
    """One user sends at these hours of the day alone, calls that take long."""
    spans = []
    for hour in range(7 * 24 + 5):
        at_s = AFTER[1] - WEEK_S - 5 * 3_600 + hour * 3_600
        is_night = hour % 24 < 5
        for place in range(12 if is_night else 3):
            user, seconds = ("ann", 2.0) if place < 3 else ("batch", 20.0)
            spans += trace(at_s + place, seconds, [], [], **{"user.id": user})
    load(*spans)
    assembled(store)
    began_s = AFTER[1] - 5 * 3_600

    found = mix(store, AGENT, [(began_s - WEEK_S, began_s)], (began_s, AFTER[1]), [])

    assert found is None or found.said == "unknown"
    for one in found.parts if found else []:
        assert abs(one.mix) + abs(one.behaviour) < 0.1


def test_what_was_written_several_times_counts_once(store: Store, load: Any) -> None:
    """Assembly writes all steps of a trace anew each time that more of it comes."""
    load(*both(np.random.default_rng(8), (0.5, 0.5)))
    assembled(store)
    store.command("SYSTEM STOP MERGES steps")
    store.command("""
        INSERT INTO steps SELECT * REPLACE (version + arrayJoin([1, 2, 3]) AS version) FROM steps
        WHERE start < now() - toIntervalDay(1)
            AND trace_id IN (SELECT trace_id FROM steps WHERE model = 'large')
    """)

    found = parts(store, AGENT)

    assert found["model"].mix == pytest.approx(0, abs=0.15)


@pytest.mark.parametrize("newer", ["100000.0 AS duration_s", "'open' AS state"])
def test_what_the_series_does_not_count_is_not_read(store: Store, load: Any, newer: str) -> None:
    """What is open for longer than a day, and what a newer version says is open still."""
    load(*both(np.random.default_rng(9), (0.5, 0.5)))
    assembled(store)
    store.command(f"""
        INSERT INTO steps SELECT * REPLACE (version + 1 AS version, {newer}) FROM steps
        WHERE start < now() - toIntervalDay(1) AND kind = 'agent'
            AND trace_id IN (SELECT trace_id FROM steps WHERE model = 'large')
    """)

    # none of the slow ones counts before
    assert parts(store, AGENT)["model"].mix == pytest.approx(0.5 * np.log(4), abs=0.15)


def test_tokens_that_are_counted_elsewhere_are_not_read(store: Store, load: Any) -> None:
    chance, spans = np.random.default_rng(10), []
    for hours in (BEFORE, AFTER):
        for place in range(60):
            about = {"gen_ai.usage.output_tokens": 100 + place, "gen_ai.agent.version": f"{place % 2}"}
            spans += trace(chance.uniform(*hours), 2.0, ["small"], [], **about)
    load(*spans)
    assembled(store)
    of_tokens = AGENT._replace(operation="chat", subject="small", metric="output tokens")

    assert set(parts(store, of_tokens)) == {"version"}
    store.command(
        "INSERT INTO steps SELECT * REPLACE (version + 1 AS version, false AS tokens_counted) FROM steps"
    )
    assert mix(store, of_tokens, [BEFORE], AFTER, []) is None


def test_the_finish_reason_of_agents_is_told_by_their_models(store: Store, load: Any) -> None:
    spans = []
    for hours, slow in ((BEFORE, 12), (AFTER, 30)):
        for place in range(60):
            reason, model = ("length", "large") if place < slow else ("stop", "small")
            more = {"gen_ai.response.finish_reasons": [reason]}
            spans += trace(hours[0] + place, 2.0, [model], [], **more)
    load(*spans)
    assembled(store)

    found = said(store, AGENT._replace(metric="finish reason"), ["length"])

    assert (found.said, found.by) == ("mix", ["model"])
    assert found.parts[0].mix == pytest.approx(0.3, abs=1e-6)


def test_what_has_no_value_in_steps_is_not_asked_for() -> None:
    outcome = AGENT._replace(metric="outcome")
    for metric in ("output length", "text content", "field $.state", "label quality", "rank of duration"):
        assert not has_strata(AGENT._replace(metric=metric), ["yes"])

    assert has_strata(AGENT, [])
    assert has_strata(outcome, ["TimeoutError"])
    assert not has_strata(outcome, [])


@pytest.mark.parametrize(("category", "asked"), [("other", []), ("", []), ("HTTP 503", ["HTTP 503"])])
def test_of_all_that_is_left_of_categories_steps_are_not_asked(category: str, asked: list[str]) -> None:
    shares = [ShareShift(category=category, before=0.1, after=0.4, low=0.2, high=0.4)]

    found = explaining._categories(Moved("other", True, 0, 0, 0), explaining._Effect(shares=shares))

    assert found == asked


def test_where_nothing_is_stored_of_the_reference_the_time_before_the_drift_is_asked(
    store: Store, load: Any
) -> None:
    load(*both(np.random.default_rng(6), (0.3, 0.3), 1.5))
    assembled(store)
    gone: Hours = (BEFORE[0] - 2 * WEEK_S, BEFORE[1] - 2 * WEEK_S)

    found = mix(store, AGENT, [gone, BEFORE], AFTER, [])

    assert found
    (one, *_) = found.parts
    assert one.behaviour == pytest.approx(np.log(1.5), abs=0.04)


def test_samples_are_of_the_categories_or_the_values_that_tell(store: Store, load: Any) -> None:
    chance = np.random.default_rng(7)
    load(*both(chance, (0.0, 0.0)))
    load(*trace(AFTER[0] + 1, 900, ["small"], ["browse"]), *trace(AFTER[0] + 2, 0.01, [], []))
    assembled(store)
    (slowest, browsed, quickest) = (
        samples(store, AGENT, AFTER, Telling()),
        samples(store, TOOL, AFTER, Telling(["gone", "browse"])),
        samples(store, AGENT, AFTER, Telling(is_largest=False)),
    )

    assert slowest[0] == browsed[0] != quickest[0]
    assert len(samples(store, AGENT, BEFORE)) == 5


def test_samples_count_what_was_written_several_times_once(store: Store, load: Any) -> None:
    most, again = trace(AFTER[0] + 1, 2, ["small"] * 5, []), trace(AFTER[0] + 2, 2, ["large"] * 4, [])
    load(*most, *again)
    assembled(store)
    store.command("SYSTEM STOP MERGES steps")
    store.command("""
        INSERT INTO steps SELECT * REPLACE (version + arrayJoin([1, 2, 3]) AS version) FROM steps
        WHERE trace_id IN (SELECT trace_id FROM steps WHERE model = 'large')
    """)

    found = samples(store, IN_TRACE._replace(metric="model calls"), AFTER, Telling())

    assert found[0] == most[0].trace_id.hex()


def test_the_categories_that_came_are_those_that_grew_most_surely() -> None:
    usual = Usual(np.array([1, 2, 3]), np.array([960.0, 30.0, 10.0]), np.array(["ok", "slow", "HTTP 503"]))
    hours = np.zeros(5, np.int64)
    since = Counts(hours, np.array([1, 2, 3, 9, 10]), np.array([60.0, 2.0, 30.0, 8.0, 9.0]))

    found = grown(usual, since, {1: "ok", 2: "slow", 3: "HTTP 503", 9: "new", 10: "other"})

    assert found == ["HTTP 503", "new"]
