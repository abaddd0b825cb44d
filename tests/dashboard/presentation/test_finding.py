import json

from dashboard.presentation.evidence import groups
from dashboard.presentation.finding import card, others_note, worst_first
from tests.dashboard import fleet
from tests.dashboard.drifting import SLOW, TOOLS
from tests.dashboard.hostile import HOSTILE

STUCK, LOST, OVER = fleet.findings()


def test_a_card_says_what_since_when_who_and_what_next() -> None:
    shown = card(STUCK, fleet.NOW)

    assert shown.title == STUCK.title
    assert shown.since == "since 13:53:11 UTC, 10 min ago"
    assert shown.who == "tester, coder and planner"
    assert shown.advice == STUCK.advice
    assert (shown.severity, shown.grade, shown.tone) == ("S2 serious", "probable", "broken")
    assert (shown.trace_id, shown.span_id) == (fleet.STUCK_TRACE, fleet.STUCK_SPAN)


def test_a_resolved_finding_says_from_when_to_when() -> None:
    shown = card(OVER, fleet.NOW)

    assert shown.since == "13:23:11 to 13:29:23 UTC, resolved 33 min ago"
    assert shown.tone == "good"
    assert shown.resolution == "The span ended."


def test_a_finding_without_a_trace_has_nowhere_to_go() -> None:
    shown = card(STUCK.model_copy(update={"trace_ids": [], "span_ids": []}), fleet.NOW)

    assert (shown.trace_id, shown.span_id) == (None, None)


def test_a_finding_of_drift_leads_to_its_first_series_and_an_id_that_attacks_to_none() -> None:
    for detector, evidence, series in (
        ("drift", {"series": [{"id": SLOW}, {"id": TOOLS}]}, SLOW),
        ("drift", {"series": [{"id": HOSTILE}]}, ""),
        ("drift", {"series": []}, ""),
        ("drift", {"series": "none"}, ""),
        ("stuck_span", {"series": [{"id": SLOW}]}, ""),
    ):
        found = STUCK.model_copy(update={"detector": detector, "evidence": evidence})

        assert card(found, fleet.NOW).series == series


def test_the_worst_the_surest_and_the_oldest_stand_first() -> None:
    confirmed = STUCK.model_copy(update={"id": "sure", "grade": "confirmed"})
    older = STUCK.model_copy(update={"id": "older", "first_seen": fleet.before(900)})

    assert [one.id for one in worst_first([LOST, STUCK, older, confirmed])] == [
        "sure",
        "older",
        STUCK.id,
        LOST.id,
    ]


def test_what_the_list_is_too_short_for_is_counted() -> None:
    assert others_note(2) == "and 2 more findings, less urgent"
    assert others_note(0) == ""


def test_evidence_has_units_and_its_baseline() -> None:
    assert groups(STUCK.evidence) == [
        ("", [("age", "12m 04s"), ("limit", "2m 00s"), ("idle", "11m 40s"), ("learned", "yes")]),
        (
            "baseline",
            [
                ("key", "tester\nrun_tests"),
                ("q50", "30.2 s"),
                ("q99", "40.0 s"),
                ("n", "2,140"),
                ("censored n", "3"),
                ("loss rate", "0.1%"),
            ],
        ),
    ]


def test_any_evidence_is_shown() -> None:
    above = [{"name": "invoke_agent writer", "agent": None, "age_s": 85.8}]
    odd = {"none": None, "empty": [], "deep": {"deeper": {"x": 1.23456}}, "held_bytes": 1536, "text": "<b>"}

    assert groups({**odd, "seen_s_ago": 1.5, "above": above}) == [
        (
            "",
            [
                ("held", "1.5 KiB"),
                ("text", "<b>"),
                ("seen", "1.50 s ago"),
                ("above", "invoke_agent writer · 1m 26s"),
            ],
        ),
        ("deep", [("deeper", "1.23")]),
    ]


def test_the_whole_finding_can_be_copied() -> None:
    assert json.loads(card(STUCK, fleet.NOW).document) == STUCK.model_dump()
