"""The five answers: what speaks against an agent, and how much must be seen before anything speaks for it."""

from dataclasses import replace
from typing import Any

import pytest

from analytics.api.models import AgentChecklist, ChecklistAnswer, Finding
from analytics.checklist.answer import answers
from analytics.checklist.facts import Facts
from analytics.checklist.markdown import markdown

SEEN = Facts("coder", 100, 500, 80, 70, 100, 0, 0, 0, (), 1)


def finding(detector: str, **known: Any) -> Finding:
    return Finding(
        **{
            "id": f"id of {detector}", "project": "default", "detector": detector, "severity": "S2",
            "grade": "confirmed", "state": "open", "fingerprint": "f", "title": f"A {detector} of coder.",
            "advice": "", "agents": ["coder"], "trace_ids": ["t1", "t2", "t3", "t4"], "span_ids": [],
            "since": "2026-11-29T12:00:00Z", "first_seen": "2026-11-29T12:00:00Z",
            "last_seen": "2026-11-29T12:00:00Z", "resolved_at": None, "resolution": None,
            "resolution_word": None, "evidence": {}, **known,
        }
    )  # fmt: skip


def verdicts(facts: Facts, *findings: Finding) -> list[str]:
    return [answer.verdict for answer in answers(facts, findings)]


def test_enough_that_was_seen_and_nothing_found_passes() -> None:
    assert verdicts(SEEN) == ["pass", "pass", "pass", "pass", "unknown"]


@pytest.mark.parametrize(
    ("detector", "place"),
    [
        ("missing_timeout", 0),
        ("deadlock", 0),
        ("stuck_span", 0),
        ("duplicate_effect", 1),
        ("retry_storm", 1),
        ("swallowed_error", 2),
        ("call_cycle", 3),
    ],
)
def test_what_was_found_speaks_against_it(detector: str, place: int) -> None:
    answer = answers(SEEN, [finding(detector)])[place]

    assert (answer.verdict, answer.severity) == ("fail", "S2")
    assert answer.sentence == f"A {detector} of coder."
    assert (list(answer.traces), list(answer.findings)) == (["t1", "t2", "t3"], [f"id of {detector}"])
    assert answer.todo


def test_a_broken_contract_speaks_against_it_where_others_went_on_from_the_call() -> None:
    consumed, stopped = (finding("contract_break", evidence={"calls_consumed": times}) for times in (3, 0))

    assert verdicts(SEEN, consumed)[2] == "fail"
    assert verdicts(SEEN, stopped)[2] == verdicts(SEEN)[2]


def test_what_is_suspected_speaks_against_nobody() -> None:
    assert "fail" not in verdicts(SEEN, finding("deadlock", grade="suspected"))


FEW = [
    ({"waits": 59}, 0),
    ({"retries": 0}, 1),
    ({"effects": 0}, 1),
    ({"validated": 9}, 2),
    ({"traces": 1}, 3),
]


@pytest.mark.parametrize(("few", "place"), FEW)
def test_too_little_is_unknown_and_says_what_is_missing(few: dict[str, int], place: int) -> None:
    answer = answers(replace(SEEN, **few), [])[place]

    assert answer.verdict == "unknown"
    assert answer.sentence


def test_partial_failures_that_nobody_took_back_fail() -> None:
    left = replace(SEEN, partial=3, partial_undone=1, partial_traces=("a", "b"))

    answer = answers(left, [])[4]

    assert (answer.verdict, answer.n, list(answer.traces)) == ("fail", 3, ["a", "b"])
    assert verdicts(replace(left, partial_undone=3))[4] == "pass"


def test_as_markdown_names_from_outside_are_text() -> None:
    answer = ChecklistAnswer(
        question="Q?", verdict="fail", sentence="a | <b> ![x](http://x)", n=7, severity="S1", trace_ids=["t"],
        finding_ids=[], todo="Do it.",
    )  # fmt: skip
    agent = AgentChecklist(agent="co|der\n# x", traces=1, read_one_in=1, answers=[answer])

    page = markdown([agent], "2026-11-22T12:00:00Z", "2026-11-29T12:00:00Z")

    assert "## co\\|der # x (1 traces)" in page
    assert "| Q? | **FAIL** S1 | a \\| \\<b\\> !\\[x\\](http://x) Worst: t. | 7 | Do it. |" in page
