"""Errors that fail traces, and those that stay where they are; through real loading and recording."""

from datetime import timedelta
from typing import Any

import pytest
from opentelemetry.proto.trace.v1.trace_pb2 import Span, Status

from analytics.detectors.detector import Outcome, Window
from analytics.detectors.error_chain import ErrorChain
from collector.store.store import Store
from tests.analytics.detectors.conversation import Conversation
from tests.analytics.detectors.looking import UNLEARNED, assembled, chains_recorded
from tests.analytics.rows import NOW

CHAIN = ErrorChain()


def looked(store: Store, window: Window | None = None) -> Outcome:
    """Assemble, record and look, as the watch does."""
    assembled(store)
    chains_recorded(store)
    window = window or Window(NOW)
    return CHAIN.detect(store.query(CHAIN.sql, CHAIN.parameters(window)), window, UNLEARNED)


def failed(span: Span, message: str = "") -> None:
    span.status.CopyFrom(Status(code=Status.STATUS_CODE_ERROR, message=message))


def paying(
    *,
    error: str = "TimeoutError",
    up: int = 3,
    above: str = "payment failed: TimeoutError",
    ago_s: float = 600,
) -> list[Span]:
    """The buyer pays for the lead; it fails, and so do as many of buyer, lead and root."""
    talk = Conversation(began_s_ago=ago_s)
    with talk.turn("lead") as lead, talk.turn("buyer", parent=lead) as buyer:
        talk.tool("pay", {"order": 17}, agent="buyer", parent=buyer, error=error)
    spans = talk.ended()
    for span in spans[1 : 1 + up]:
        failed(span, above)
    return spans


def test_a_failure_that_reaches_the_root_is_told_with_its_way(store: Store, load: Any) -> None:
    spans = paying()
    load(*spans)

    (finding,) = looked(store).findings

    assert finding.title == (
        "TimeoutError in buyer's pay, passed on to lead, failed 1 trace of invoke_workflow ship"
    )
    assert (finding.grade, finding.severity, finding.certain) == ("confirmed", "S3", True)
    assert finding.span_ids == [spans[0].span_id.hex()]
    (example,) = finding.evidence["examples"]
    assert example["span_ids"] == [span.span_id.hex() for span in spans]
    assert finding.evidence["path"] == ["buyer", "lead", "invoke_workflow ship"]


def test_the_same_failure_of_many_traces_is_one_finding(store: Store, load: Any) -> None:
    load(*(span for _ in range(12) for span in paying()))

    (finding,) = looked(store).findings

    assert "failed 12 traces" in finding.title
    assert (finding.severity, len(finding.trace_ids)) == ("S2", 5)


def test_an_error_that_became_another_is_probable(store: Store, load: Any) -> None:
    load(*paying(above="the budget is spent"))

    (finding,) = looked(store).findings

    assert finding.grade == "probable"


def test_other_errors_and_other_ways_are_other_findings(store: Store, load: Any) -> None:
    load(*paying(), *paying(error="ConnectionError"))

    assert len(looked(store).findings) == 2


def test_an_error_that_fails_every_trace_by_two_ways_is_told_of_both(store: Store, load: Any) -> None:
    other = paying()
    lead = next(span for span in other if span.span_id == other[1].parent_span_id)
    (name,) = (each for each in lead.attributes if each.key == "gen_ai.agent.name")
    name.value.string_value = "manager"
    load(*paying(), *other)

    assert len(looked(store).findings) == 2


def test_it_is_over_after_an_hour_without_such_a_failure(store: Store, load: Any) -> None:
    load(*paying())
    (finding,) = looked(store).findings
    later = Window(NOW + timedelta(hours=2), frozenset({(finding.project, finding.fingerprint)}), {}, 2**62)

    outcome = looked(store, later)

    assert not outcome.findings
    assert outcome.resolutions[finding.project, finding.fingerprint].sentence == (
        "No trace has failed so for 1h 00m."
    )


def test_what_was_told_is_told_as_long_as_it_goes_on(store: Store, load: Any) -> None:
    load(*paying())
    (finding,) = looked(store).findings
    later = Window(NOW + timedelta(minutes=5), frozenset({(finding.project, finding.fingerprint)}), {}, 2**62)

    outcome = looked(store, later)

    assert [one.fingerprint for one in outcome.findings] == [finding.fingerprint]
    assert not outcome.resolutions


@pytest.mark.parametrize("up", [0, 1, 2])
def test_who_contains_an_error_keeps_it_silent(store: Store, load: Any, up: int) -> None:
    load(*paying(up=up))

    assert not looked(store).findings


def test_a_retry_that_went_well_is_silent(store: Store, load: Any) -> None:
    talk = Conversation()
    talk.tool("pay", {"order": 17}, error="TimeoutError")
    talk.tool("pay", {"order": 17}, "paid")
    load(*talk.ended())

    assert not looked(store).findings


def test_an_error_that_most_traces_outlive_is_expected(store: Store, load: Any) -> None:
    """A probe's 404: nearly every trace has one; that some of those traces fail has other causes."""
    probes = []
    for number in range(20):
        talk = Conversation()
        talk.tool("probe", {"n": number}, error="404")
        probes += talk.ended()
        if number < 2:
            failed(probes[-1], "404")
    load(*probes)

    assert not looked(store).findings


def test_an_error_is_expected_whatever_way_it_took_where_it_failed(store: Store, load: Any) -> None:
    outlived = [span for _ in range(20) for span in paying(up=1)]
    load(*outlived, *paying(up=3))

    assert not looked(store).findings


def test_a_client_whose_clock_is_late_is_told_of(store: Store, load: Any) -> None:
    load(*paying(ago_s=7_200))

    assert len(looked(store).findings) == 1


def test_what_was_given_up_for_anothers_sake_is_no_failure_of_its_own(store: Store, load: Any) -> None:
    talk = Conversation()
    began_ns = talk.now_ns
    talk.tool("pay", {"order": 17}, error="TimeoutError", seconds=1.0)
    talk.now_ns = began_ns
    talk.tool("search", {"q": 1}, error="CancelledError", seconds=1.5)
    spans = talk.ended()
    failed(spans[-1], "TimeoutError")
    load(*spans)

    (finding,) = looked(store).findings

    assert finding.evidence["origin"]["call"] == "pay"


def test_who_is_cancelled_by_a_person_has_not_failed(store: Store, load: Any) -> None:
    talk = Conversation()
    talk.tool("search", {"q": 1}, error="CancelledError")
    spans = talk.ended()
    failed(spans[-1], "CancelledError")
    load(*spans)

    assert not looked(store).findings


def test_who_asks_a_person_has_not_failed(store: Store, load: Any) -> None:
    talk = Conversation()
    talk.tool("approve", {"n": 1}, error="GraphInterrupt")
    load(*talk.ended())

    assert not looked(store).findings


def test_a_trace_whose_root_has_not_arrived_is_silent(store: Store, load: Any) -> None:
    load(*paying()[:-1])

    assert not looked(store).findings


def test_a_project_of_a_thousand_errors_takes_no_room_of_another(store: Store, load: Any) -> None:
    noisy = [span for number in range(30) for span in paying(error=f"Error{chr(65 + number)}")]
    load(*noisy)
    load(*paying(), project="other")
    assembled(store)
    chains_recorded(store)
    parameters = {**CHAIN.parameters(Window(NOW)), "rows_max": 2}

    rows = store.query(CHAIN.sql, parameters)

    assert {row["project"] for row in rows} == {"default", "other"}
