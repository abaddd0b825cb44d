from typing import Any

from analytics.api.models import LogCounts, MetricCounts, Page
from dashboard.presentation.overview import Standing, is_empty, looked, other_signals, sentence, tiles
from tests.dashboard import fleet
from tests.dashboard.fake_api import FakeApi
from tests.dashboard.waiting import ring_finding


def standing(api: FakeApi, **changed: Any) -> Standing:
    known = {
        "stats": api.stats(),
        "findings": Page(items=[one for one in fleet.findings() if one.state == "open"]),
        "open_spans": Page(items=fleet.open_spans()),
        "traces": Page(items=fleet.summaries(20)),
        "range_name": "1h",
        "now": fleet.NOW,
    }
    return Standing(**{**known, **changed})


def test_the_sentence_names_who_is_stuck_the_surest_first(api: FakeApi) -> None:
    told = sentence(standing(api))

    assert (told.lead, told.tone) == ("tester and researcher are stuck.", "broken")
    assert told.rest.startswith("8 spans are open, the longest for 13m 10s (planner).")


def test_a_deadlock_is_the_worst_news_and_says_how_many_it_holds(api: FakeApi) -> None:
    findings = [ring_finding("ring"), *(one for one in fleet.findings() if one.state == "open")]
    with_ring = standing(api, findings=Page(items=findings))

    told, tile = sentence(with_ring), tiles(with_ring, [])[0]

    assert (told.lead, told.tone) == ("1 deadlock holds 4 agents.", "broken")
    assert told.rest.startswith("tester and researcher are stuck. 8 spans are open")
    assert (tile.value, tile.note, tile.tone) == ("1", "for 1m 34s", "broken")


def test_beside_a_deadlock_nobody_else_is_stuck(api: FakeApi) -> None:
    with_ring = standing(api, findings=Page(items=[ring_finding("ring")]))

    assert tiles(with_ring, [])[1].note == "nobody else waits in vain"


def test_a_stuck_span_without_an_agent_is_counted(api: FakeApi) -> None:
    told = sentence(standing(api, open_spans=Page(items=[])))

    assert told.lead == "2 spans are stuck."


def test_other_findings_are_news_when_nothing_is_stuck(api: FakeApi) -> None:
    other = fleet.findings()[0].model_copy(update={"detector": "loop"})

    told = sentence(standing(api, findings=Page(items=[other])))

    assert (told.lead, told.tone) == ("1 finding needs attention.", "attention")


def test_calm_is_said_with_what_was_looked_at(api: FakeApi) -> None:
    told = sentence(standing(api, findings=Page(items=[]), open_spans=Page(items=[]), traces=Page(items=[])))

    assert f"{told.lead} {told.rest}" == "Nothing is stuck. No span is open. No trace in the last hour."
    assert looked(api.stats().detectors, fleet.NOW) == "Last look: stuck span just now."


def test_of_more_traces_than_a_page_only_the_newest_are_judged(api: FakeApi) -> None:
    more = standing(api, traces=Page(items=fleet.summaries(20), next="20"))

    assert sentence(more).rest.endswith("3 of the newest 20 traces failed.")
    assert tiles(more, [])[3].note == "of the newest 20 traces"


def test_the_tiles_count_rings_stuck_open_failed_and_stored(api: FakeApi) -> None:
    drawn = tiles(standing(api), [40.0, 42.0])

    assert [tile.value for tile in drawn] == ["0", "2", "8", "3", "184,213"]
    assert [tile.note for tile in drawn] == [
        "no ring of waits",
        "longest 12m 04s",
        "longest 13m 10s",
        "of 20 traces, last hour",
        "42/s · 410 ms behind",
    ]


def test_lost_spans_are_told_before_speed(api: FakeApi) -> None:
    stats = api.stats()
    stats.spans.rejected, stats.spans.quarantined = 2, 1

    ingest = tiles(standing(api, stats=stats), [])[4]

    assert (ingest.note, ingest.tone) == ("3 spans rejected or set aside", "attention")


def test_bytes_in_quarantine_are_told_where_no_span_can_be_counted(api: FakeApi) -> None:
    stats = api.stats()
    stats.journal.damaged_bytes = 2_000_000

    ingest = tiles(standing(api, stats=stats), [])[4]

    assert (ingest.note, ingest.tone) == ("1.91 MiB of the journal set aside", "attention")


def test_a_service_that_never_stored_a_span_is_empty(api: FakeApi) -> None:
    api.mood = "empty"

    assert is_empty(api.stats())


def test_what_became_of_logs_and_metrics_is_said_where_there_were_some(api: FakeApi) -> None:
    stats = api.stats()
    logs = LogCounts(received=5, stored=3, without_span=1, rejected=1, quarantined=1, dropped=1_200)

    told = other_signals(stats.model_copy(update={"logs": logs, "metrics": MetricCounts(dropped=7)}))

    assert told == (
        "3 log records stored with spans, 1 of them without their span. "
        "2 log records rejected or set aside. 1,200 log records of no span dropped. "
        "7 data points of metrics dropped: doldrums reads none."
    )
    assert other_signals(stats) == ""
