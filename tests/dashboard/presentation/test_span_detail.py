import json

import pytest

from analytics.api.models import SpanDetail
from dashboard.presentation.onboarding import exporter_lines, reachable
from dashboard.presentation.span_detail import cut_note, event_rows, overview_facts, readable, status
from dashboard.presentation.trace_header import cut_short, header_facts
from tests.dashboard import fleet
from tests.dashboard.big_trace import big_trace
from tests.dashboard.fake_api import FakeApi


def detail(place: int) -> SpanDetail:
    return fleet.detail(fleet.STUCK_TRACE, fleet.trace("stuck").spans[place])


def test_an_open_span_counts_and_says_whom_it_waits_for() -> None:
    facts = dict(overview_facts(detail(9), fleet.NOW))

    assert facts["Duration"] == "12m 04s so far"
    assert facts["Waiting for"] == "writer"
    assert "Ended" not in facts


def test_an_llm_span_says_model_tokens_and_cost() -> None:
    facts = dict(overview_facts(detail(2), fleet.NOW))

    assert facts["Model"] == "gpt-4o · openai"
    assert facts["Tokens"] == "1.83k in, 212 out"
    assert facts["Cost"] == "$0.0068"
    assert facts["Kind"] == "LLM"


@pytest.mark.parametrize(("place", "word"), [(9, "open"), (7, "error"), (2, "ended"), (11, "ok")])
def test_how_it_stands_with_a_span_is_one_word(place: int, word: str) -> None:
    assert status(detail(place))[0] == word


def test_json_content_is_laid_out_and_other_content_left_alone() -> None:
    assert readable('{"a":[1]}') == (json.dumps({"a": [1]}, indent=2), "json")
    assert readable('{"a":') == ('{"a":', "text")
    assert readable("[" * 10_000) == ("[" * 10_000, "text")


def test_very_long_content_is_cut_and_says_so() -> None:
    shown, language = readable("x" * 50_000)

    assert (len(shown), language) == (20_000, "text")
    assert cut_note("x" * 50_000) == "The first 20,000 of 50,000 characters (48.8 KiB)."
    assert cut_note("short") == ""


def test_an_event_says_when_after_the_start() -> None:
    span = detail(9)
    span.events[0].time = fleet.before(720)

    assert event_rows(span) == [("+4.00 s", "queued", [("queue", "tests"), ("position", "3")])]


def test_a_header_says_what_is_known_and_nothing_else() -> None:
    assert header_facts(fleet.trace("failed"), fleet.NOW) == [
        ("Duration", "42.6 s"),
        ("Started", "13:38:11 UTC, 25 min ago"),
        ("Spans", "6"),
        ("Agents", "planner and researcher"),
        ("Tokens", "1.21k in, 142 out"),
        ("Session", "session-81"),
        ("User", "user-7"),
        ("Environment", "production"),
    ]


def test_a_part_of_a_trace_is_said_to_be_a_part() -> None:
    assert cut_short(big_trace(10_000)) == "Showing 10,000 of 48,112 spans, in the order of the tree."
    assert cut_short(fleet.trace("stuck")) == ""


def test_the_exporter_is_pointed_at_an_address_it_can_reach(api: FakeApi) -> None:
    assert exporter_lines(api.stats()).splitlines()[0] == (
        "export OTEL_EXPORTER_OTLP_ENDPOINT=http://localhost:4318"
    )
    encrypted = api.stats().model_copy(update={"otlp_tls": True})
    assert exporter_lines(encrypted).splitlines()[0].endswith("https://localhost:4318")
    assert reachable("0.0.0.0:4318") == "localhost:4318"
    assert reachable("collector.internal:4318") == "collector.internal:4318"
