"""What a project has behind it before a run begins."""

import time

from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import Link, Status, StatusCode

from analytics.baselines.habit import TRACES_MIN
from analytics.baselines.habits import HOUR, SETTLED
from bench.detectors import past
from bench.detectors.past import MovedExporter

AGO_NS = past.AGO_S * 1_000_000_000


def exported(ago_s: int) -> ReadableSpan:
    memory = InMemorySpanExporter()
    provider = TracerProvider(shutdown_on_exit=False)
    provider.add_span_processor(SimpleSpanProcessor(MovedExporter(memory, ago_s)))
    tracer = provider.get_tracer("tests")
    with (
        tracer.start_as_current_span("above") as above,
        tracer.start_as_current_span(
            "below", attributes={"n": 1}, links=[Link(above.get_span_context())]
        ) as span,
    ):
        span.add_event("half way", {"rows": 2})
        span.set_status(Status(StatusCode.ERROR, "no"))
    below, _ = memory.get_finished_spans()
    return below


def test_a_span_is_moved_with_its_events_and_else_as_it_was() -> None:
    began_ns = time.time_ns()
    moved = exported(past.AGO_S)
    (event,) = moved.events

    assert moved.start_time
    assert moved.end_time
    assert (
        began_ns - AGO_NS <= moved.start_time <= event.timestamp <= moved.end_time <= time.time_ns() - AGO_NS
    )
    assert (moved.name, moved.attributes, event.attributes) == ("below", {"n": 1}, {"rows": 2})
    assert (moved.status.status_code, moved.status.description) == (StatusCode.ERROR, "no")
    assert moved.parent
    assert moved.parent.span_id == moved.links[0].context.span_id


def test_what_is_sent_now_is_of_an_hour_that_is_counted() -> None:
    assert (2 * HOUR + SETTLED).total_seconds() <= past.AGO_S


def test_as_much_is_run_as_habits_take_where_a_fifth_is_lost() -> None:
    assert all(0.8 * runs > 1.1 * TRACES_MIN for runs in past.RUNS.values())


def test_the_past_is_clean_and_of_the_chosen_scenarios_alone() -> None:
    cases = past.cases(["open"], ["plain", "crewai"], ["fan_out_bomb", "polling"], seed=1)

    assert len(cases) == len({case.id for case in cases}) == 2 * past.RUNS["fan_out_bomb"]
    assert {(case.scenario, case.faulty) for case in cases} == {("fan_out_bomb", False)}
    assert past.cases(["open"], ["plain"], ["polling"], seed=1) == []
