"""The same ids in several projects: each is assembled as if the others were not there."""

from typing import Any

import pytest

from analytics.assembly.assembler import Assembler
from analytics.traces.reader import TraceReader
from collector.store.store import Store
from tests.analytics.assembly.test_assembler import AGENT, START, TOOL, TRACE
from tests.builders import SECOND, span

PROJECTS = ("bank", "shop", "zoo")


def spans(project: str, count: int, **more: Any) -> list[Any]:
    """A root that is open everywhere but in the shop, with so many tools beneath it."""
    agent = AGENT | {"gen_ai.agent.name": project, "gen_ai.conversation.id": f"session of {project}"}
    root = span(
        f"root of {project}",
        agent,
        trace_id=TRACE,
        span_id=b"rootroot",
        start_ns=START,
        end_ns=None if project == "shop" else 0,
    )
    tools = [
        span(
            f"{project} {number}",
            TOOL,
            trace_id=TRACE,
            span_id=bytes([*range(1, 8), number + 1]),
            parent=b"rootroot",
            start_ns=START + number + 1,
        )
        for number in range(count)
    ]
    return [root, *tools]


def seen(store: Store, project: str) -> tuple[Any, ...]:
    trace = TraceReader(store, project).trace(TRACE.hex())
    assert trace is not None
    names = {each.name for each in trace.spans}
    return (
        {each.project for each in trace.spans} | {trace.summary.project},
        {(each.agent, each.session) for each in trace.spans},
        all(project in name for name in names),
        (trace.summary.spans, trace.summary.spans_left_out, trace.summary.open),
    )


@pytest.mark.parametrize(
    ("bounds", "left_out"),
    [
        pytest.param({}, 0, id="read with others"),
        pytest.param({"large_spans_min": 3}, 0, id="large in one project"),
        pytest.param({"large_spans_min": 3, "alone_min": 4, "spans_max": 4}, 3, id="too large in one"),
    ],
)
def test_each_is_assembled_alone(store: Store, load: Any, bounds: dict[str, int], left_out: int) -> None:
    assembler = Assembler(store, **bounds)
    for project, count in zip(PROJECTS, (1, 6, 1), strict=True):
        load(*spans(project, count), project=project)
    for _ in range(3):
        assembler._large.rest(elapsed_s=0)
        assembler.run_once()

    for project, count, is_open in zip(PROJECTS, (2, 7, 2), (1, 0, 1), strict=True):
        out = left_out if project == "shop" else 0
        assert seen(store, project) == (
            {project},
            {(project, f"session of {project}")},
            True,
            (count - out, out, is_open),
        )
    assert assembler.waiting == {}


def test_what_is_open_in_one_is_not_ended_by_the_same_span_in_another(store: Store, load: Any) -> None:
    assembler = Assembler(store)
    for project in PROJECTS:
        load(*spans(project, 0), project=project)
    assembler.run_once()

    rows = store.query("SELECT project, name, agent, ended FROM open_spans FINAL ORDER BY project")

    assert [(row["project"], row["name"], row["agent"], row["ended"]) for row in rows] == [
        ("bank", "root of bank", "bank", False),
        ("zoo", "root of zoo", "zoo", False),
    ]


def test_a_large_trace_of_one_project_lets_no_other_wait(store: Store, load: Any) -> None:
    assembler = Assembler(store, large_spans_min=3)
    assembler._large.rest(elapsed_s=3_600)
    load(*spans("shop", 4), project="shop")
    load(*spans("zoo", 0), project="zoo")
    assembler.run_once()

    for project in ("shop", "zoo"):
        load(*spans(project, 5)[-1:], project=project, at_ns=START + SECOND)
    assembler.run_once()

    assert assembler.waiting == {TRACE.hex() + "shop": START + SECOND}
    assert seen(store, "zoo")[3] == (2, 0, 1)
    again = Assembler(store, large_spans_min=3)
    assert set(again.waiting) == {TRACE.hex() + "shop"}
