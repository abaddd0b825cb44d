"""Spans whose parents never arrived, and why, told from those whose parents are on their way or at work."""

import random
from pathlib import Path

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from analytics.detectors import orphan
from analytics.detectors.orphan import ARRIVE, Orphan
from analytics.detectors.source import Source
from collector.store.store import Store
from tests.analytics.detectors.watching import Watching
from tests.analytics.plain_otlp import Recording


@pytest.fixture
def watching(store: Store, tmp_path: Path) -> Watching:
    return Watching(store, tmp_path, Orphan())


def work(*, service: str = "agents") -> ExportTraceServiceRequest:
    """Return a trace that ended: a request, an agent's run in it, and three tools."""
    recording = Recording(service=service)
    root = recording.span("POST /ask", at_s=0)
    run = recording.agent("coder", root, at_s=0)
    for second in range(3):
        recording.tool(run, "search", at_s=second, end_s=second + 0.5)
    recording.end(run, 5)
    recording.end(root, 6)
    return ExportTraceServiceRequest.FromString(recording.body)


def without(request: ExportTraceServiceRequest, *names: str) -> bytes:
    for resource in request.resource_spans:
        for scope in resource.scope_spans:
            kept = [span for span in scope.spans if span.name not in names]
            del scope.spans[:]
            scope.spans.extend(kept)
    return request.SerializeToString()


RUN = "invoke_agent coder"


def test_spans_that_lost_their_parents_are_counted_by_service(watching: Watching) -> None:
    lost = [without(work(), RUN) for _ in range(3)]
    watching.load(*lost, *[work().SerializeToString() for _ in range(22)])

    (finding,) = watching.look(after_s=120).findings

    # in each of 25 traces the run and three tools name a parent; in three the run is gone
    assert finding.title == (
        "Parents of 9 of 75 spans of agents never arrived (12.0%): single spans are lost on the way"
    )
    assert (finding.severity, finding.grade, finding.evidence["cause"]) == ("S4", "probable", "lost")
    assert (finding.evidence["n_traces"], finding.evidence["missing_parents"]) == (25, 3)


def test_an_accident_in_two_traces_is_no_finding(watching: Watching) -> None:
    watching.load(
        without(work(), RUN), without(work(), RUN), *[work().SerializeToString() for _ in range(20)]
    )

    assert not watching.look(after_s=120).findings


def test_a_parent_that_is_still_on_its_way_is_waited_for(watching: Watching) -> None:
    requests = [work() for _ in range(5)]
    watching.load(
        *[without(ExportTraceServiceRequest.FromString(one.SerializeToString()), RUN) for one in requests]
    )

    assert not watching.look(after_s=40).findings

    watching.load(*[one.SerializeToString() for one in requests])
    assert not watching.look(after_s=120).findings


def test_what_goes_on_in_a_trace_that_has_not_ended_is_no_orphan(watching: Watching) -> None:
    for _ in range(5):
        recording = Recording()
        run = recording.agent("coder", at_s=0)
        recording.answer(run, "coder", "await_tests", at_s=1)
        watching.load(recording.body)

    assert not watching.look(after_s=5_000).findings


def test_of_a_trace_whose_root_was_lost_the_others_are_orphans_after_a_while(watching: Watching) -> None:
    watching.load(*[without(work(), "POST /ask", RUN) for _ in range(4)])

    assert not watching.look(after_s=800).findings
    assert watching.look(after_s=1_000).findings


def test_a_caller_that_never_sends_spans_is_noted_once(watching: Watching) -> None:
    watching.load(*[without(work(), "POST /ask") for _ in range(25)])

    (finding,) = watching.look(after_s=1_000).findings

    assert (finding.evidence["cause"], finding.severity) == ("never", "S4")
    assert "its callers send no spans here" in finding.title


def test_a_caller_that_is_sampled_otherwise_is_told_from_one_that_loses_spans(watching: Watching) -> None:
    sampled = [without(work(), RUN) for _ in range(15)]
    watching.load(*sampled, *[work().SerializeToString() for _ in range(10)])

    (finding,) = watching.look(after_s=1_000).findings

    assert finding.evidence["cause"] == "sampled"


def test_a_context_that_broke_is_found_by_the_parent_in_another_trace(watching: Watching) -> None:
    broken = []
    for _ in range(4):
        request = work()
        spans = request.resource_spans[0].scope_spans[0].spans
        for span in spans:
            if span.name.startswith("execute_tool"):
                span.trace_id = bytes(reversed(span.trace_id))
        broken.append(request.SerializeToString())
    watching.load(*broken)

    (finding,) = watching.look(after_s=1_000).findings

    assert finding.evidence["cause"] == "elsewhere"
    assert "the context is broken" in finding.title


def test_while_its_source_is_silent_nothing_is_concluded(watching: Watching) -> None:
    watching.load(*[without(work(), RUN) for _ in range(4)])

    assert not watching.look(after_s=120, silent={Source("default", "agents")}).findings


def test_a_process_that_died_in_the_middle_is_told_from_lost_spans(watching: Watching) -> None:
    """The roots are another process's, and came; the runs inside were cut off, and nothing came since."""
    for _ in range(4):
        gateway, agents = Recording(service="gateway"), Recording(service="agents")
        root = gateway.span("POST /ask", at_s=0)
        run = agents.agent("coder", root, at_s=0)
        agents.tool(run, "search", at_s=1, end_s=2)
        gateway.end(root, 30)
        watching.load(gateway.body, agents.body)

    (finding,) = watching.look(after_s=120).findings

    assert (finding.evidence["cause"], finding.severity, finding.grade) == ("process", "S3", "suspected")
    assert finding.evidence["processes"] == ["agents-1"]


def test_it_resolves_when_parents_arrive(watching: Watching) -> None:
    requests = [work() for _ in range(4)]
    watching.load(
        *[without(ExportTraceServiceRequest.FromString(one.SerializeToString()), RUN) for one in requests]
    )
    (finding,) = watching.look(after_s=120).findings
    watched = (finding.project, finding.fingerprint)
    watching.load(*[one.SerializeToString() for one in requests])

    outcome = watching.look(after_s=120, watched={watched})

    assert not outcome.findings
    assert outcome.resolutions == {watched: ARRIVE}


def test_projects_are_apart(watching: Watching) -> None:
    whole, part = work(), work()
    watching.load(whole.SerializeToString(), project="whole")
    watching.load(*[without(part, RUN)] * 3, *[without(work(), RUN) for _ in range(3)], project="part")

    assert {finding.project for finding in watching.look(after_s=120).findings} == {"part"}


@pytest.mark.parametrize("dropped", [0.01, 0.05, 0.2])
def test_every_span_whose_parent_was_dropped_is_found_and_no_other(
    watching: Watching, dropped: float
) -> None:
    """Spans dropped at random, roots among them."""
    chance = random.Random(7)
    bodies, orphans = [], 0
    for _ in range(200):
        request = work()
        spans = request.resource_spans[0].scope_spans[0].spans
        kept = [span for span in spans if chance.random() >= dropped]
        ids = {span.span_id for span in kept}
        orphans += sum(bool(span.parent_span_id) and span.parent_span_id not in ids for span in kept)
        del spans[:]
        spans.extend(kept)
        bodies.append(request.SerializeToString())
    watching.load(*bodies)

    found = sum(row["orphans"] for row in watching.rows(after_s=1_000))

    assert found == orphans


@pytest.mark.parametrize("small_traces_max", [40, 400], ids=["beside one that has many", "beside another"])
def test_a_project_takes_no_room_of_another(
    watching: Watching, monkeypatch: pytest.MonkeyPatch, small_traces_max: int
) -> None:
    monkeypatch.setattr(orphan, "TRACES_MAX", 30)
    monkeypatch.setattr(orphan, "SMALL_TRACES_MAX", small_traces_max)
    watching.load(*[without(work(), RUN) for _ in range(5)], project="shop")
    (finding,) = watching.look(after_s=120).findings
    watching.load(*[work().SerializeToString() for _ in range(60)], project="busy")

    outcome = watching.look(after_s=120, watched=[("shop", finding.fingerprint)])

    assert [finding.project for finding in outcome.findings] == ["shop"]
    assert outcome.findings[0].title == finding.title


def test_of_a_project_that_has_few_traces_the_newest_are_looked_at(
    watching: Watching, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(orphan, "TRACES_MAX", 30)
    watching.load(*[without(work(), RUN) for _ in range(5)])
    watching.load(*[work().SerializeToString() for _ in range(30)])

    assert not watching.look(after_s=120).findings
