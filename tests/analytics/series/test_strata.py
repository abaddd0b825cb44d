"""Mix against behaviour: of calls, of agents over the models and tools they use; on a real store."""

import os
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pytest
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from analytics.api.drift_models import MixPart
from analytics.series.counts import Counts
from analytics.series.grown import grown
from analytics.series.in_traces import Hours, Telling, samples
from analytics.series.kept import Usual
from analytics.series.key import SeriesKey
from analytics.series.strata import mix
from collector.store.store import Store
from tests.analytics.detectors.looking import assembled
from tests.analytics.rows import NOW
from tests.builders import SECOND, span

NOW_S = int(NOW.timestamp())
BEFORE, AFTER = (NOW_S - 50_000, NOW_S - 20_000), (NOW_S - 20_000, NOW_S)
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
            call("tool", {"gen_ai.operation.name": "execute_tool", "gen_ai.tool.name": tool} | who, agent_id)
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


def parts(store: Store, key: SeriesKey, categories: Sequence[str] = ()) -> dict[str, MixPart]:
    return {one.by: one for one in mix(store, key, [BEFORE], AFTER, categories)}


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

    found = parts(store, AGENT._replace(operation="execute_tool", subject="read"))

    assert set(found) == {"user", "version"}
    assert all(abs(one.mix) + abs(one.behaviour) < 1e-9 for one in found.values())


def test_users_of_a_call_each_are_no_strata(store: Store, load: Any) -> None:
    """All of it would be mix, for none of them is in both times."""
    spans = [
        trace(hours[0] + place, 1, ["small"], [], **{"user.id": f"{hours[0]} {place}"})
        for hours in (BEFORE, AFTER)
        for place in range(40)
    ]
    load(*(one for some in spans for one in some))
    assembled(store)

    assert parts(store, AGENT) == {}
    assert parts(store, AGENT._replace(operation="chat", subject="small")) == {}


def test_of_many_strata_the_rest_is_one_and_the_whole_is_told(store: Store, load: Any) -> None:
    spans = []
    for hours, seconds in ((BEFORE, 1.0), (AFTER, 2.0)):
        for place in range(360):
            spans += trace(hours[0] + place, seconds, [], [], **{"user.id": f"user {place % 60}"})
    load(*spans)
    assembled(store)

    found = parts(store, AGENT)

    assert found["user"].behaviour == pytest.approx(np.log(2), abs=1e-6)
    assert found["user"].mix == pytest.approx(0, abs=1e-6)


def test_what_has_no_value_in_steps_is_not_asked_for() -> None:
    unopened = object.__new__(Store)

    for metric in ("output length", "text content", "field $.state", "label quality", "rank of duration"):
        assert mix(unopened, AGENT._replace(metric=metric), [BEFORE], AFTER, []) == []


def test_where_nothing_is_stored_of_the_reference_the_time_before_the_drift_is_asked(
    store: Store, load: Any
) -> None:
    load(*both(np.random.default_rng(6), (0.3, 0.3), 1.5))
    assembled(store)
    gone: Hours = (NOW_S - 90_000, NOW_S - 80_000)

    (one, *_) = mix(store, AGENT, [gone, BEFORE], AFTER, [])

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


def test_the_categories_that_came_are_those_that_grew_most_surely() -> None:
    usual = Usual(np.array([1, 2, 3]), np.array([960.0, 30.0, 10.0]), np.array(["ok", "slow", "HTTP 503"]))
    hours = np.zeros(4, np.int64)
    since = Counts(hours, np.array([1, 2, 3, 9]), np.array([60.0, 2.0, 30.0, 8.0]))

    found = grown(usual, since, {1: "ok", 2: "slow", 3: "HTTP 503", 9: "new"})

    assert found == ["HTTP 503", "new"]
