"""Open spans that say their name alone are what ended spans of it were, and nothing more is claimed."""

import json
import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any

import pyarrow as pa
import pytest
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from analytics.assembly.assembler import Assembler
from analytics.assembly.names import Names
from analytics.detectors.deadlock import Deadlock
from analytics.detectors.detector import Window
from analytics.detectors.stuck_span import StuckSpan
from collector.store.store import Store
from tests.analytics.baselines.durations import limits
from tests.analytics.detectors.open_rows import LEARNED
from tests.builders import SECOND, span

Row = dict[str, Any]
Load = Callable[..., None]

START = time.time_ns() // SECOND * SECOND - 100 * SECOND
BEATS_S = range(0, 100, 10)
NOW = datetime.fromtimestamp(START / SECOND + 100, UTC)
TOLD = {"kind": "tool", "agent": "", "tool": "search", "operation": "execute_tool", "model": ""}
UNTOLD = {"kind": "other", "agent": "", "tool": "", "operation": "", "model": ""}
KIND = "openinference.span.kind"


def ended(name: str = "search", **fields: Any) -> Row:
    said = {"kind": "tool", "agent": "", "tool": name, "operation": "execute_tool", "model": ""}
    return {"project": "shop", "service": "agents", "name": name, "open": False, **said, **fields}


def opened(name: str = "search", **fields: Any) -> Row:
    return ended(name, open=True, **({"kind": "other", "tool": "", "operation": ""} | fields))


def complete(names: Names, *rows: Row) -> list[Row]:
    """Return the rows as they are after a pass, without what they are found by."""
    completed: list[Row] = names.complete(pa.Table.from_pylist(list(rows))).to_pylist()
    return [{name: row[name] for name in UNTOLD} for row in completed]


def test_what_was_learned_in_one_pass_is_known_in_the_next() -> None:
    names = Names()

    assert complete(names, opened()) == [UNTOLD]
    complete(names, ended())

    assert complete(names, opened("think"), opened()) == [UNTOLD, TOLD]


def test_a_model_call_is_one_of_its_model() -> None:
    names, chat = Names(), {"kind": "llm", "operation": "chat", "tool": "", "model": "gpt-5"}

    rows = complete(names, ended("chat", **chat), opened("chat"))

    assert rows == [{"agent": "", **chat}] * 2


CHAT = {"agent": "", "kind": "llm", "operation": "chat", "tool": "", "model": "gpt-5"}
NO_MODEL = CHAT | {"model": ""}


def test_a_model_call_that_does_not_say_its_model_is_one_of_those_that_ended() -> None:
    names = Names()
    complete(names, opened("chat", **NO_MODEL))

    rows = complete(names, ended("chat", **CHAT), opened("chat", **NO_MODEL))

    assert rows == [CHAT, CHAT]


@pytest.mark.parametrize(
    "another",
    [ended("chat", **CHAT | {"model": "o3"}), ended("chat", kind="chain")],
    ids=["another model", "another kind"],
)
def test_where_calls_of_a_name_are_of_several_models_none_is_said(another: Row) -> None:
    names = Names()
    complete(names, opened("chat", **NO_MODEL))

    *_, row = complete(names, ended("chat", **CHAT), another, opened("chat", **NO_MODEL))

    assert row == NO_MODEL


@pytest.mark.parametrize("apart", [False, True], ids=["in one pass", "in two"])
def test_a_call_that_ended_without_its_model_contradicts_none(*, apart: bool) -> None:
    """A call with hundreds of messages has more attributes than an SDK keeps, and the model is dropped."""
    names, rows = Names(), [ended("chat", **NO_MODEL), ended("chat", **CHAT)]
    complete(names, opened("chat", **NO_MODEL))
    for some in [rows[:1], rows[1:], rows[:1]] if apart else [rows]:
        complete(names, *some)

    assert complete(names, opened("chat", **NO_MODEL)) == [CHAT]


def test_where_no_call_that_ended_named_its_model_none_is_known() -> None:
    names = Names()

    *_, row = complete(names, ended("chat", **NO_MODEL), opened("chat", **NO_MODEL))

    assert row == NO_MODEL


def test_a_model_call_takes_nothing_of_spans_of_another_kind() -> None:
    names = Names()
    complete(names, opened("chat", **NO_MODEL))

    *_, row = complete(names, ended("chat", **CHAT | {"kind": "embedding"}), opened("chat", **NO_MODEL))

    assert row == NO_MODEL


def test_nothing_is_learned_of_services_whose_open_spans_say_what_they_are() -> None:
    names = Names()

    complete(names, ended(), opened(kind="tool"), ended("step", kind="other"))

    assert not len(names)


@pytest.mark.parametrize("other", [{"project": "bank"}, {"service": "crawler"}, {"name": "Search"}], ids=str)
def test_other_projects_services_and_names_say_nothing_of_it(other: Row) -> None:
    names = Names()
    complete(names, opened(**other), ended(**other))

    assert complete(names, opened()) == [UNTOLD]


def test_projects_and_services_are_told_apart_whatever_stands_in_them() -> None:
    names = Names()
    complete(names, *(make(project="a:", service="b") for make in (opened, ended)))

    assert complete(
        names, opened(project="a", service=":b"), opened(project="a", service="", name=":bsearch")
    ) == ([UNTOLD, UNTOLD])


@pytest.mark.parametrize("apart", [False, True], ids=["in one pass", "in two"])
@pytest.mark.parametrize(
    ("another", "left"),
    [
        ({"tool": "find"}, TOLD | {"tool": ""}),
        ({"operation": ""}, TOLD | {"operation": ""}),
        ({"model": "gpt-5"}, TOLD),
        ({"kind": "agent"}, UNTOLD),
        ({"kind": "other", "tool": "find"}, TOLD),
    ],
    ids=["tool", "operation", "model", "kind", "says no kind"],
)
def test_where_spans_of_a_name_disagree_nothing_is_known(another: Row, left: Row, *, apart: bool) -> None:
    names = Names()
    complete(names, opened())
    passes = [[ended()], [ended(**another)]] if apart else [[ended(), ended(**another)]]
    for rows in passes:
        complete(names, *rows)
    complete(names, ended())

    assert complete(names, opened()) == [left]


def test_what_a_span_says_itself_stands() -> None:
    names = Names()
    complete(names, opened(), ended(agent="coder"))

    rows = complete(names, opened(kind="llm"), opened(agent="other"), opened(tool="find"))

    assert [(row["kind"], row["agent"], row["tool"]) for row in rows] == [
        ("llm", "", ""),
        ("tool", "other", "search"),
        ("tool", "", "find"),
    ]


AGENT = {"kind": "agent", "operation": "invoke_agent", "tool": ""}


def test_an_agents_span_is_of_the_agent_that_its_name_ran() -> None:
    names = Names()

    rows = complete(names, ended("coder", agent="coder", **AGENT), opened("coder"))

    assert [row["agent"] for row in rows] == ["coder", "coder"]


def test_where_agents_spans_of_a_name_disagree_none_is_known() -> None:
    names = Names()

    *_, row = complete(
        names, *(ended("run", agent=name, **AGENT) for name in ("coder", "tester")), opened("run")
    )

    assert (row["kind"], row["agent"]) == ("agent", "")


def test_a_tool_is_not_taken_for_one_of_the_agent_that_alone_used_it_so_far() -> None:
    names = Names()

    *_, row = complete(names, ended("ask_planner", agent="coder"), opened("ask_planner"))

    assert (row["kind"], row["agent"]) == ("tool", "")


def test_a_span_that_ended_is_as_it_was() -> None:
    names = Names()
    complete(names, opened(), ended(agent="coder"))

    rows = complete(names, ended(kind="other", tool="", operation=""), ended(tool=""), opened())

    assert rows[:2] == [UNTOLD, TOLD | {"tool": ""}]


def test_hostile_names_are_forgotten_those_first_that_ended_first() -> None:
    names = Names(names_max=100)
    complete(names, opened(), ended("first"))
    for turn in range(3):
        complete(names, ended(), *(ended(f"{turn} {number}") for number in range(80)))

    assert len(names) == 100
    assert complete(names, opened(), opened("first")) == [TOLD, UNTOLD]


@pytest.mark.parametrize(
    "field", ["project", "service", "name", "agent", "tool", "operation", "model", "kind"]
)
def test_long_texts_are_not_kept(field: str) -> None:
    names, long = Names(), {field: "x" * 10_000}
    own = long if field in {"project", "service", "name"} else {}

    complete(names, opened(**own), ended(**long))

    assert not len(names)
    assert complete(names, opened(**own)) == [UNTOLD]


def test_hostile_services_are_bounded() -> None:
    names = Names()
    complete(names, *(opened(service=str(number)) for number in range(5_000)))

    complete(names, *(ended(service=str(number)) for number in range(5_000)))

    assert len(names) == 1_000


@pytest.fixture
def passes(store: Store, load: Load) -> Any:
    """Load spans as they are reported at some times, and assemble them."""
    assembler = Assembler(store)

    def passes(*spans: Span, at_s: Iterable[float] = (0,), restarted: bool = False) -> None:
        nonlocal assembler
        for seconds in at_s:
            load(*spans, at_ns=START + int(seconds * SECOND))
        assembler = Assembler(store) if restarted else assembler
        while assembler.run_once():
            pass

    return passes


def run(trace: int, agent: str, tool: str, *, is_open: bool) -> list[Span]:
    """An agent's run with a tool in it as OpenInference tells it of LangGraph: at the end, or not at all."""
    common = {"trace_id": trace.to_bytes(16, "big"), "start_ns": START} | ({"end_ns": 0} if is_open else {})
    metadata = json.dumps({"lc_agent_name": agent, "ls_integration": "langchain_create_agent"})
    root, node, call = ({KIND: "CHAIN", "metadata": metadata}, {KIND: "CHAIN"}, {KIND: "TOOL"})
    return [
        span(agent, {} if is_open else root, span_id=b"rootroot", **common),
        span("tools", {} if is_open else node, span_id=b"nodenode", parent=b"rootroot", **common),
        span(tool, {} if is_open else call, span_id=b"tooltool", parent=b"nodenode", **common),
    ]


def open_rows(store: Store) -> list[tuple[str, ...]]:
    rows = store.query(
        "SELECT name, argMax(kind, observed) AS kind, argMax(agent, observed) AS agent, "
        "argMax(tool, observed) AS tool FROM open_spans GROUP BY trace_id, span_id, name ORDER BY span_id"
    )
    return [tuple(row.values()) for row in rows]


HANG = [
    ("tools", "chain", "planner", ""),
    ("planner", "agent", "planner", ""),
    ("search", "tool", "planner", "search"),
]
UNKNOWN = [("tools", "other", "", ""), ("planner", "other", "", ""), ("search", "other", "", "")]


def test_a_hang_in_a_tool_is_one_of_the_tool_and_its_agent(store: Store, passes: Any) -> None:
    passes(*run(1, "planner", "search", is_open=True))
    assert open_rows(store) == UNKNOWN

    passes(*run(2, "planner", "search", is_open=False))
    passes(*run(1, "planner", "search", is_open=True), at_s=BEATS_S)

    assert open_rows(store) == HANG
    steps = store.query("SELECT kind FROM steps FINAL WHERE state = 'open' ORDER BY span_id")
    assert [row["kind"] for row in steps] == ["chain", "agent", "tool"]
    detector = StuckSpan()
    rows = store.query(detector.sql, detector.parameters(Window(NOW)))
    (finding,) = detector.detect(rows, Window(NOW), LEARNED).findings
    assert "planner" in finding.title
    assert "search" in finding.title


def test_a_restart_learns_anew_from_what_ends_then(store: Store, passes: Any) -> None:
    passes(*run(1, "planner", "search", is_open=True), *run(2, "planner", "search", is_open=False))
    assert open_rows(store) == HANG

    passes(*run(1, "planner", "search", is_open=True), at_s=[3], restarted=True)
    passes(*run(3, "planner", "search", is_open=False), at_s=[4])
    passes(*run(1, "planner", "search", is_open=True), at_s=[6])

    assert open_rows(store) == HANG


def test_a_ring_that_is_known_by_names_is_never_confirmed(store: Store, passes: Any) -> None:
    """Two agents in traces of their own, each in a tool that is named for asking the other."""
    ring = [("planner", "ask_coder"), ("coder", "ask_planner")]
    held = [one for number, names in enumerate(ring) for one in run(1 + number, *names, is_open=True)]
    passes(
        *held, *(one for number, names in enumerate(ring) for one in run(10 + number, *names, is_open=False))
    )
    passes(*held, at_s=BEATS_S)

    detector = Deadlock()
    rows = store.query(detector.sql, detector.parameters(Window(NOW)))
    (finding,) = detector.detect(rows, Window(NOW), limits()).findings

    assert (finding.grade, finding.certain) == ("probable", False)
    assert set(finding.agents) == {"planner", "coder"}
