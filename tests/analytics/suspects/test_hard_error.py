"""Calls that failed: which markers say so, who is to be blamed, and what was handled."""

import pytest

from analytics.suspects.error_marker import error_marker
from tests.analytics.suspects.talk import against, evidence, runs, says

CODE = "import pandas; print(pandas.read_csv(path))"


@pytest.mark.parametrize(
    ("text", "said", "is_theirs"),
    [
        pytest.param('{"isError": true}', "isError", False, id="MCP's mark"),
        pytest.param('{"error": "no such order"}', '"error": "no such order"}', False, id="an error member"),
        pytest.param("HTTP/1.1 404 Not Found", "HTTP 404", False, id="asked for what is not there"),
        pytest.param('{"status": 500}', "HTTP 500", True, id="a server that is out of order"),
        pytest.param("requests: 429 Client Error", "HTTP 429", True, id="too many"),
        pytest.param("exit code: 2", "exit code: 2", False, id="an exit code"),
        pytest.param(
            "Traceback (most recent call last)\nKeyError: 'a'",
            "traceback, KeyError: 'a'",
            False,
            id="a traceback",
        ),
        pytest.param(
            "exitcode: 124\nTimeoutError: x", "exit code: 124, TimeoutError: x", False, id="code that hangs"
        ),
    ],
)
def test_a_payload_says_that_its_call_failed(text: str, said: str, *, is_theirs: bool) -> None:
    assert error_marker(text) == (said, is_theirs)


@pytest.mark.parametrize(
    "text",
    [
        '{"isError": false, "error": null}',
        '{"error": ""}',
        '{"errors": 0, "error": []}',
        '{"page": "{\\"error\\": \\"quoted in a document\\"}"}',
        "exitcode: 0 (execution succeeded)",
        '{"status": 200, "count": 500}',
        "room 404, 500 rows",
        "The error rate fell.",
        "",
    ],
)
def test_what_looks_like_a_marker_is_none(text: str) -> None:
    assert error_marker(text) is None


def test_who_wrote_what_failed_is_blamed_not_what_ran_it_nor_who_spoke_between() -> None:
    found = evidence(
        says("coder", f"```\n{CODE}\n```"), says("chatter", "Go on."), runs("shell", CODE, "exit code: 1")
    )

    (one,) = found
    assert (one.kind, one.grade, one.place, one.seen_at) == ("hard error", "confirmed", 0, 2)
    assert one.text == "what it wrote failed when shell ran it: exit code: 1"


def test_what_is_out_of_order_is_blamed_itself() -> None:
    assert against(says("buyer", "pay 7"), runs("pay", "pay 7", "HTTP/1.1 503")) == [
        ("hard error", "confirmed", 1)
    ]


def test_an_error_after_which_the_same_went_well_is_no_more_than_suspected() -> None:
    turns = (
        says("coder", "a()"), runs("shell", "a()", "exit code: 1"),
        says("coder", "b()"), runs("shell", "b()", "exit code: 0\n12 rows"),
    )  # fmt: skip

    (one,) = evidence(*turns)
    assert (one.grade, one.place) == ("suspected", 0)
    assert one.text.endswith("shell went well later (turn 3)")


def test_another_tool_or_an_empty_answer_handles_nothing() -> None:
    turns = (
        says("coder", "a()"), runs("shell", "a()", "exit code: 1"),
        runs("search", "a", "12 rows"), runs("shell", "b()", "exit code: 0\n"),
    )  # fmt: skip

    assert ("hard error", "confirmed", 0) in against(*turns)


def test_a_span_that_failed_counts_without_any_text() -> None:
    assert against(says("lead", "", failed=True, error="ValueError: no plan")) == [
        ("hard error", "confirmed", 0)
    ]


def test_a_span_that_failed_because_of_its_part_is_no_suspect() -> None:
    call = runs("pay", "", "", span_id="b", parent_span_id="a", failed=True, error="Declined")

    assert [place for _, _, place in against(call, says("lead", "", span_id="a", failed=True))] == [0]


def test_agents_may_speak_of_errors() -> None:
    assert against(says("critic", "Traceback (most recent call last) is what we saw, exit code: 1.")) == []
