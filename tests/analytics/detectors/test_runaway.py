"""Traces that grow beyond their like, and those that are merely large; through real loading and assembly."""

import os
from datetime import timedelta
from typing import Any

import pytest
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from analytics.baselines.habit import Habit
from analytics.baselines.habits import Habits
from analytics.detectors import runaway
from analytics.detectors.runaway import Runaway
from analytics.detectors.trace_size import MEASURES
from collector.store.store import Store
from tests.analytics.detectors.conversation import Conversation
from tests.analytics.detectors.looking import Learned, assembled, looked, watching
from tests.analytics.rows import NOW, ago
from tests.builders import SECOND, span

RUNAWAY = Runaway()
USUAL = Habit(n=500, q50=8, q99=20, q995=22, q999=None)


SHIP = "invoke_workflow ship\0"


def learned(agent: str = "worker", **habits: Habit) -> Learned:
    """What is usual of traces of the root `ship` with that agent nearest to it."""
    return Learned({(measure, SHIP + agent): habit for measure, habit in habits.items()})


def fanned_out(children: int, kind: str = "invoke_agent", *, open_root: bool = False) -> list[Span]:
    """A root with so many children, each of them with a model call."""
    talk = Conversation()
    for number in range(children):
        if kind == "invoke_agent":
            with talk.turn("worker", f"part {number}", f"done {number}") as turn:
                talk.model("go", agent="worker", parent=turn)
        else:
            talk.tool("fetch", {"page": number}, "ok")
    return talk.running() if open_root else talk.ended()


def nested(depth: int) -> list[Span]:
    """Each agent calls the next one."""
    trace_id, start = os.urandom(16), int(ago(600).timestamp()) * SECOND
    ids = [os.urandom(8) for _ in range(depth)]
    attributes = {"gen_ai.operation.name": "invoke_agent", "gen_ai.agent.name": "solver"}
    return [
        span(
            "invoke_agent", attributes, trace_id=trace_id, span_id=one, parent=parent, start_ns=start + number
        )
        for number, (one, parent) in enumerate(zip(ids, [b"", *ids], strict=False))
    ]


def costing(usd: float, tokens: int) -> list[Span]:
    talk = Conversation()
    talk.model("think", input_tokens=tokens)
    talk.spans[0].attributes.add(key="gen_ai.usage.cost").value.double_value = usd
    return talk.ended()


@pytest.mark.parametrize(
    ("spans", "measure"),
    [
        pytest.param(lambda: fanned_out(101), "agents", id="a hundred and one agents below one span"),
        pytest.param(
            lambda: fanned_out(501, "execute_tool"), "children", id="five hundred and one calls of one span"
        ),
        pytest.param(lambda: nested(27), "depth", id="twenty-seven levels"),
        pytest.param(lambda: costing(101, 10), "cost", id="a hundred and one dollars"),
        pytest.param(lambda: costing(0.1, 11_000_000), "tokens", id="eleven million tokens"),
    ],
)
def test_beyond_the_defaults_it_is_suspected_and_says_that_nothing_is_learned(
    spans: Any, measure: str, store: Store, load: Any
) -> None:
    load(*spans())

    (finding,) = looked(RUNAWAY, store).findings

    assert (finding.grade, finding.severity) == ("suspected", "S3")
    assert finding.evidence["excesses"][0]["measure"] == measure
    assert "unlearned" in finding.title
    assert finding.certain


@pytest.mark.parametrize(
    "spans",
    [
        pytest.param(lambda: fanned_out(100), id="a map-reduce of a hundred agents"),
        pytest.param(lambda: fanned_out(400, "execute_tool"), id="a long session of one agent"),
        pytest.param(lambda: nested(20), id="recursion of twenty levels"),
        pytest.param(lambda: costing(20, 2_000_000), id="a dear question"),
    ],
)
def test_what_is_large_but_may_be_right_is_no_finding(spans: Any, store: Store, load: Any) -> None:
    load(*spans())

    assert not looked(RUNAWAY, store).findings


@pytest.mark.parametrize(("open_root", "severity"), [(True, "S2"), (False, "S3")])
def test_far_beyond_its_like_it_is_probable(
    store: Store, load: Any, *, open_root: bool, severity: str
) -> None:
    load(*fanned_out(61, open_root=open_root))

    (finding,) = looked(RUNAWAY, store, learned=learned(agents=USUAL)).findings

    assert (finding.grade, finding.severity) == ("probable", severity)
    assert finding.title == (
        f"invoke_workflow ship {'has' if open_root else 'had'} 61 agents below one span;"
        " 99 % of such traces have 20 agents below one span or fewer (n = 500)"
    )


def test_what_is_usual_of_another_agent_below_a_root_of_that_name_says_nothing_of_it(
    store: Store, load: Any
) -> None:
    """OpenAI Agents call every root "Agent workflow", whatever agent runs in it."""
    load(*fanned_out(61))

    assert not looked(RUNAWAY, store, learned=learned("converter", agents=USUAL)).findings


def test_three_times_the_usual_is_not_far_beyond(store: Store, load: Any) -> None:
    load(*fanned_out(60, open_root=True))

    assert not looked(RUNAWAY, store, learned=learned(agents=USUAL)).findings


def test_a_batch_that_is_always_this_large_is_no_finding(store: Store, load: Any) -> None:
    load(*fanned_out(150))
    always = Habit(n=2_000, q50=100, q99=150, q995=150, q999=150)

    assert not looked(RUNAWAY, store, learned=learned(agents=always, children=always)).findings


def test_small_things_are_never_told_however_unusual(store: Store, load: Any) -> None:
    load(*fanned_out(18))
    ones = Habit(n=2_000, q50=1, q99=1, q995=1, q999=1)

    assert not looked(RUNAWAY, store, learned=learned(agents=ones, children=ones, depth=ones)).findings


def test_it_is_over_when_the_trace_has_ended(store: Store, load: Any) -> None:
    load(*fanned_out(101))
    found = looked(RUNAWAY, store).findings

    outcome = looked(RUNAWAY, store, watching(found, changed_version=2**63))

    assert [resolution.word for resolution in outcome.resolutions.values()] == ["ended"]
    assert not outcome.findings


def test_it_is_found_again_while_it_runs_though_nothing_changes(store: Store, load: Any) -> None:
    load(*fanned_out(101, open_root=True))
    found = looked(RUNAWAY, store).findings

    assert looked(RUNAWAY, store, watching(found, changed_version=2**63)).findings


@pytest.mark.parametrize(("traces", "is_found"), [(35, False), (99, True)])
def test_a_fan_out_is_told_from_ninety_nine_traces_of_its_like_on(
    store: Store, load: Any, traces: int, *, is_found: bool
) -> None:
    """300 calls where five are usual: less than any default, and known once an hour of them is over."""
    load(*(one for _ in range(traces) for one in fanned_out(5, "execute_tool")))
    assembled(store)
    habits = Habits(store)
    habits.refresh(NOW + timedelta(hours=1))
    load(*fanned_out(300, "execute_tool"))

    known = {one.name: habits.habit("default", one.name, SHIP + "coder") for one in MEASURES}
    usual = learned("coder", **{name: habit for name, habit in known.items() if habit})
    found = looked(RUNAWAY, store, learned=usual).findings

    assert [(finding.grade, finding.evidence["excesses"][0]["measure"]) for finding in found] == (
        [("probable", "children")] if is_found else []
    )


def test_a_project_takes_no_room_of_another(store: Store, load: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runaway, "ROWS_MAX", 4)
    monkeypatch.setattr(runaway, "FINDINGS_MAX", 2)
    for _ in range(5):
        load(*fanned_out(102), project="crowded")
    load(*fanned_out(101), project="shop")

    outcome = looked(RUNAWAY, store)

    assert [finding.project for finding in outcome.findings] == ["crowded", "shop", "crowded"]
    assert outcome.partial
