"""What the scripts say, before anything is sent."""

import time
from itertools import islice
from random import Random

import pytest
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from doldrums.demo import programme, research_desk, software_team, support_desk
from doldrums.demo.chance import Chance
from doldrums.demo.dialect import Dialect
from doldrums.demo.genai import GenAI
from doldrums.demo.openinference import OpenInference
from doldrums.demo.rehearse import StandstillError, rehearse
from doldrums.demo.script import Run
from doldrums.demo.traceloop import Traceloop

HOUR_NS = 3_600 * 10**9
RUNS = {
    "change": software_team.change,
    "question": research_desk.question,
    "round": lambda chance: research_desk.reindex(chance, 4),
    "ticket": support_desk.ticket,
}


def _chance(seed: int = 1) -> Chance:
    return Chance(Random(seed))


def _rehearsed(run: Run, dialect: Dialect, start_ns: int = 10**18) -> tuple[list, int]:
    exporter = InMemorySpanExporter()
    provider = TracerProvider(shutdown_on_exit=False)
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    end_ns = rehearse(run, provider, dialect, start_ns)
    return list(exporter.get_finished_spans()), end_ns


def test_the_same_seed_gives_the_same_programme() -> None:
    def all_of(seed: int) -> list:
        past = list(programme.history(_chance(seed), 20))
        return past + list(islice(programme.traffic(_chance(seed), (1.0, 2.0)), 200))

    assert all_of(7) == all_of(7)
    assert all_of(7) != all_of(8)


def test_live_runs_come_every_second_or_two() -> None:
    gaps = [gap_s for gap_s, _, _ in islice(programme.traffic(_chance(), (1.0, 2.0)), 300)]

    assert all(1.0 <= gap_s <= 2.0 for gap_s in gaps)


def test_the_history_ends_before_the_live_work_begins() -> None:
    start_ns = time.time_ns()
    for ago_s, service, run in programme.history(_chance(), 30):
        dialect = {"software-team": GenAI(), "research-desk": OpenInference(), "support-desk": Traceloop()}
        _, end_ns = _rehearsed(run, dialect[service], start_ns - int(ago_s * 1e9))

        assert start_ns - HOUR_NS <= end_ns < start_ns


@pytest.mark.parametrize(
    "dialect", [GenAI(), OpenInference(), Traceloop()], ids=lambda one: type(one).__name__
)
@pytest.mark.parametrize("script", RUNS.values(), ids=RUNS)
class TestEveryRunInEveryDialect:
    def test_is_one_trace_whose_children_lie_within_their_parents(
        self, script: object, dialect: Dialect
    ) -> None:
        spans, _ = _rehearsed(script(_chance()), dialect)

        by_id = {span.context.span_id: span for span in spans}
        assert len({span.context.trace_id for span in spans}) == 1
        assert len([span for span in spans if span.parent is None]) == 1
        for span in spans:
            if span.parent:
                parent = by_id[span.parent.span_id]
                assert parent.start_time <= span.start_time <= span.end_time <= parent.end_time

    def test_takes_the_same_time_in_each(self, script: object, dialect: Dialect) -> None:
        _, end_ns = _rehearsed(script(_chance()), dialect)

        assert end_ns == _rehearsed(script(_chance()), GenAI())[1]


def test_an_ordinary_change_is_never_at_a_standstill() -> None:
    for seed in range(200):
        _rehearsed(software_team.change(_chance(seed)), GenAI())


def test_a_standstill_is_one_whatever_the_chances() -> None:
    for seed in range(200):
        with pytest.raises(StandstillError, match="nobody publishes code, docs, tests"):
            _rehearsed(software_team.standstill(_chance(seed), 60), GenAI())


def test_a_wait_says_whom_it_waits_for() -> None:
    spans, _ = _rehearsed(software_team.change(_chance()), GenAI())

    waits = {
        (span.attributes["gen_ai.agent.name"], span.attributes["gen_ai.tool.name"]): span.attributes
        for span in spans
        if "doldrums.wait.on" in span.attributes
    }

    assert {key: said["doldrums.wait.on"] for key, said in waits.items()} == {
        ("planner", "await_code"): "coder",
        ("writer", "await_code"): "coder",
        ("coder", "await_tests"): "tester",
        ("tester", "await_docs"): "writer",
    }
    assert {said["doldrums.wait.kind"] for said in waits.values()} == {"agent"}
    assert {said["doldrums.wait.resource"] for said in waits.values()} == {"code", "tests", "docs"}


def test_a_refused_call_of_the_model_is_tried_again() -> None:
    spans = [
        span
        for seed in range(30)
        for span in sorted(
            _rehearsed(research_desk.question(_chance(seed)), GenAI())[0], key=lambda span: span.start_time
        )
        if span.attributes["gen_ai.operation.name"] == "chat"
    ]

    refused = [index for index, span in enumerate(spans) if not span.status.is_ok]

    assert refused
    for index in refused:
        assert spans[index].attributes["error.type"] == "RateLimitError"
        again = spans[index + 1]
        assert again.status.is_ok
        assert again.attributes["gen_ai.input.messages"] == spans[index].attributes["gen_ai.input.messages"]


def test_a_page_that_does_not_load_is_read_elsewhere_and_the_answer_given() -> None:
    runs = [_rehearsed(research_desk.question(_chance(seed)), OpenInference())[0] for seed in range(40)]
    handled = [run for run in runs if any(span.name == "fetch_cached_page" for span in run)]

    assert handled
    for run in handled:
        failed = [span.name for span in run if not span.status.is_ok]
        assert "fetch_page" in failed
        assert not {"researcher", "critic", "answer_question"} & set(failed)


def test_a_payment_gateway_that_is_down_fails_the_ticket() -> None:
    runs = [_rehearsed(support_desk.ticket(_chance(seed)), Traceloop())[0] for seed in range(80)]
    failed = [
        run for run in runs if any(span.attributes.get("error.type") == "GatewayTimeout" for span in run)
    ]

    assert failed
    for run in failed:
        bad = {span.name for span in run if not span.status.is_ok}
        assert {"issue_refund.tool", "billing.agent", "resolve_ticket.workflow"} <= bad
