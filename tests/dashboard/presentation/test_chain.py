"""What is said of error chains."""

import pytest

from analytics.api.models import ErrorChains
from dashboard.presentation.chain import in_short, is_new, news, of_chains, sorted_out, tone, way, what
from dashboard.presentation.chain_table import chain_table, facts, hop_table, trace_table
from dashboard.wording.sign import UNKNOWN
from tests.dashboard import fleet
from tests.dashboard.failing import (
    LOOKUP,
    MODEL,
    PARSE,
    PATCH,
    PAY,
    PROBE,
    Errors,
    chain,
    chain_findings,
    chains,
    detail,
    expected,
    failing,
    passed_on,
)


def said(errors: Errors) -> str:
    return " ".join(news(sorted_out(chains(errors)), "1h"))


@pytest.mark.parametrize(
    ("errors", "told"),
    [
        (
            "failing",
            (
                "2 error chains failed traces 14 times in the last hour. "
                "1 error is outlived by most traces. 3 errors failed no trace."
            ),
        ),
        ("outlived", "No error failed a trace in the last hour. 3 errors did not get that far."),
        (
            "stayed",
            (
                "No failure crossed from one agent to another in the last hour. "
                "2 errors stayed where they began."
            ),
        ),
        ("none", "No error in the last hour. No span says that it failed."),
        ("big", "200+ error chains failed traces 1,800 times in the last hour. "),
    ],
)
def test_the_news_is_what_failed_traces_then_what_did_not(errors: Errors, told: str) -> None:
    assert said(errors) == told


def test_of_one_chain_the_traces_are_counted() -> None:
    one = ErrorChains(items=failing()[:1], total=1, flows=[])

    assert news(sorted_out(one), "6h") == ("1 error chain failed 12 traces in the last 6 hours.", "")


def test_an_error_that_most_traces_outlive_is_no_failing_chain() -> None:
    one = ErrorChains(items=[expected()], total=1, flows=[])

    assert news(sorted_out(one), "1h") == (
        "No error failed most of the traces that met it in the last hour.",
        "1 error is outlived by most traces.",
    )


def test_an_environment_without_errors_is_named() -> None:
    assert news(sorted_out(chains("none")), "1h", "staging")[1] == "No span of staging says that it failed."


def test_it_is_red_while_a_finding_is_open_and_orange_after() -> None:
    found = of_chains(chain_findings("failing"))

    assert tone(failing(), found) == "broken"
    assert tone(failing(), {}) == "attention"
    assert tone([expected(), passed_on()], found) == "quiet"


def test_what_failed_is_named_by_whose_call_it_was() -> None:
    assert what(failing()[1]) == "RateLimitError in researcher's claude-sonnet"
    assert what(chain(PARSE, ("parse",), agent=None, call="parse", error_type="")) == "An error in parse"
    assert what(chain(PARSE, ("lead",), agent="lead", call="lead", error_type="E")) == "E in lead"


def test_the_middle_of_a_long_way_is_counted() -> None:
    assert way([f"a{place}" for place in range(9)]) == "a0 → a1 → a2 → 3 more → a6 → a7 → a8"


@pytest.mark.parametrize(
    ("place", "told"),
    [
        (
            PAY,
            (
                "TimeoutError in buyer's pay failed 12 traces in the last hour. "
                "It went from buyer over lead to ship order."
            ),
        ),
        (
            MODEL,
            (
                "RateLimitError in researcher's claude-sonnet failed 2 of 3 traces in the last hour. "
                "It went from researcher over planner and lead to ship order."
            ),
        ),
        (
            PROBE,
            (
                "NotFound in crawler's fetch failed 1 of 40 traces in the last hour. "
                "It went from crawler to indexer. Most traces outlive it, so it is expected."
            ),
        ),
        (
            LOOKUP,
            (
                "TimeoutError in buyer's pay failed no trace in the last hour. "
                "It went from buyer to lead. There it was contained in 2 traces."
            ),
        ),
        (
            PATCH,
            (
                "PatchError in coder's apply_patch failed no trace in the last hour. It never left coder. "
                "There it was contained in 5 traces and tried again with success in 2 traces."
            ),
        ),
        (
            PARSE,
            (
                "An error in tester's parse failed no trace in the last hour. It never left tester. "
                "What is above has not arrived yet."
            ),
        ),
    ],
)
def test_one_chain_in_two_sentences(place: str, told: str) -> None:
    found = detail("over", place)
    assert found

    assert " ".join(in_short(found.chain, "1h")) == told


def test_new_is_what_was_not_known_before_the_range() -> None:
    one = failing()[1]

    assert is_new(one, "1h", fleet.NOW)
    assert not is_new(failing()[0], "1h", fleet.NOW)
    assert is_new(failing()[0], "7d", fleet.NOW)
    assert not is_new(chain(PAY, ("a",), call="b", error_type="", known_s=3_601), "1h", fleet.NOW)


def test_rows_say_how_many_failed_whom_it_reached_and_since_when() -> None:
    rows = chain_table("Failed", [*failing(), passed_on()], "1h", fleet.NOW).rows

    assert [[cell.text for cell in row.cells] for row in rows] == [
        [
            "TimeoutError in buyer's pay",
            "buyer → lead → ship order",
            "12",
            UNKNOWN,
            "7 users, 9 sessions",
            "41 s ago",
            "3 days ago",
        ],
        [
            "RateLimitError in researcher's claude-sonnet",
            "researcher → planner → lead → ship order",
            "2 of 3",
            "1 contained",
            "2 users, 2 sessions",
            "1 min ago",
            "new",
        ],
        [
            "TimeoutError in buyer's pay",
            "buyer → lead",
            UNKNOWN,
            "2 contained",
            "2 users, 2 sessions",
            "5 min ago",
            "3 days ago",
        ],
    ]
    assert [row.tone for row in rows] == ["broken", "broken", "quiet"]
    assert rows[0].href == f"chains?id={PAY}"


def test_hops_stand_in_order_with_the_time_from_one_to_the_next_and_who_stopped_it() -> None:
    found = detail("over", LOOKUP)
    assert found

    rows = hop_table(found, fleet.NOW).rows

    assert [(row.cells[0].text, row.cells[1].text, row.cells[3].text) for row in rows] == [
        ("pay", "TimeoutError", UNKNOWN),
        ("invoke_agent buyer", "TimeoutError", "12.0 ms"),
        ("invoke_agent lead", "went on without it", "12.0 ms"),
    ]
    assert rows[0].cells[0].note == "buyer · tool · began here"
    assert rows[0].href == f"trace?trace={fleet.FAILED_TRACE}&span={fleet.FAILED_SPAN}"


def test_traces_say_how_they_came_out_and_lead_to_where_it_began() -> None:
    found = detail("over", PAY)
    assert found

    rows = trace_table(found.traces, fleet.NOW).rows

    assert [(row.cells[0].note, row.cells[1].text, row.cells[1].badge) for row in rows[:2]] == [
        ("session session-81", "failed", "failed"),
        ("user user-7 · session session-82", "failed", "failed"),
    ]
    assert {row.id for row in rows} == {f"{fleet.FAILED_TRACE}/{fleet.FAILED_SPAN}"}


def test_facts_leave_out_what_is_nothing() -> None:
    assert dict(facts(passed_on(), "1h", fleet.NOW)) == {
        "failed": "0 of 2 traces",
        "contained": "2 traces, by lead",
        "reached": "2 users, 2 sessions",
        "first": "13:48:11 UTC, 15 min ago",
        "last": "13:58:11 UTC, 5 min ago",
        "known since": "20 Nov 14:03:11 UTC, 3 days ago",
    }
    assert dict(facts(failing()[1], "1h", fleet.NOW))["known since"] == "13:51:31 UTC, 11 min ago (new)"
