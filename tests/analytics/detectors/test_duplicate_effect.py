"""What was done twice, and what only looks so; through real loading."""

import re
from typing import Any

import pytest

from analytics.detectors.duplicate_effect import DuplicateEffect
from analytics.detectors.effect import MUTATING, READING
from collector.store.store import Store
from tests.analytics.detectors.conversation import Conversation
from tests.analytics.detectors.looking import looked, watching

DUPLICATES = DuplicateEffect()
ORDER = {"order": "ORD-17", "amount": 1200}


def pay(
    talk: Conversation,
    result: Any = None,
    *,
    agent: str,
    error: str | None = None,
    tool: str = "pay_invoice",
    **more: Any,
) -> None:
    """An agent's turn that pays."""
    with talk.turn(agent) as turn:
        talk.tool(tool, ORDER | more, result, agent=agent, parent=turn, error=error)


def two(
    first: Any, second: Any, *, agents: tuple[str, str] = ("buyer", "clerk"), **more: Any
) -> Conversation:
    """Two agents pay the same."""
    talk = Conversation()
    pay(talk, first, agent=agents[0], **more)
    talk.pause(20)
    pay(talk, second, agent=agents[1], **more)
    return talk


def test_two_results_that_name_different_things_are_confirmed(store: Store, load: Any) -> None:
    talk = two({"payment": "PAY-001"}, {"payment": "PAY-002"})
    load(*talk.ended())

    (finding,) = looked(DUPLICATES, store).findings

    assert (finding.grade, finding.severity, finding.certain) == ("confirmed", "S1", True)
    assert finding.title == (
        "clerk called pay_invoice with the same arguments 20.1 s after buyer had, and got another result"
    )
    assert finding.span_ids == [span.span_id.hex() for span in talk.spans if span.name == "execute_tool"]


def test_what_says_itself_that_it_failed_was_not_done(store: Store, load: Any) -> None:
    load(*two({"isError": True, "payment": "REQ-4711"}, {"payment": "PAY-002"}).ended())

    assert not looked(DUPLICATES, store).findings


def test_a_timeout_that_the_answer_tells_of_is_one(store: Store, load: Any) -> None:
    talk = Conversation()
    pay(talk, "TimeoutError: no answer after 30 s", agent="buyer")
    pay(talk, {"payment": "PAY-002"}, agent="buyer")
    load(*talk.ended())

    assert [finding.grade for finding in looked(DUPLICATES, store).findings] == ["suspected"]


def test_a_success_after_a_timeout_may_have_been_done_twice(store: Store, load: Any) -> None:
    talk = Conversation()
    pay(talk, agent="buyer", error="TimeoutError")
    pay(talk, {"payment": "PAY-002"}, agent="buyer")
    load(*talk.ended())

    (finding,) = looked(DUPLICATES, store).findings

    assert (finding.grade, finding.severity) == ("suspected", "S2")
    # what changed is looked at once: a finding that took two looks would never open
    assert finding.certain
    assert finding.title.endswith("after TimeoutError: it may have been done twice")


def test_a_retry_in_the_next_trace_of_the_session_counts(store: Store, load: Any) -> None:
    for ago_s, error, result in ((600, "TimeoutError", None), (500, None, {"payment": "PAY-002"})):
        talk = Conversation(began_s_ago=ago_s)
        pay(talk, result, agent="buyer", error=error)
        spans = talk.ended()
        for span in spans:
            span.attributes.add(key="session.id").value.string_value = "s1"
        load(*spans)

    (finding,) = looked(DUPLICATES, store).findings

    assert len(finding.trace_ids) == 2


def test_it_stays_told_until_an_hour_is_over(store: Store, load: Any) -> None:
    load(*two({"payment": "PAY-001"}, {"payment": "PAY-002"}).ended())
    first = looked(DUPLICATES, store)

    again = looked(DUPLICATES, store, watching(first.findings, changed_version=2**62))

    assert [one.fingerprint for one in again.findings] == [one.fingerprint for one in first.findings]
    assert not again.resolutions


def loop() -> Conversation:
    talk = Conversation()
    with talk.turn("buyer") as turn:
        for number in range(3):
            talk.tool("create_ticket", ORDER, {"ticket": f"TCK-{number}9"}, agent="buyer", parent=turn)
    return talk


def failing(error: str) -> Conversation:
    talk = Conversation()
    pay(talk, agent="buyer", error=error)
    pay(talk, {"payment": "PAY-002"}, agent="buyer")
    return talk


LOOK_ALIKES = {
    "the same result": two({"payment": "PAY-001"}, {"payment": "PAY-001"}),
    "the same result at another time": two(
        {"id": "pay_1A", "at": "2026-11-29T12:00:00Z"}, {"id": "pay_1A", "at": "2026-11-29T12:00:07Z"}
    ),
    "a result that names nothing": two("ok", "done"),
    "a key of idempotency": two({"id": "PAY-001"}, {"id": "PAY-002"}, idempotency_key="k-1"),
    "a tool that only reads": two({"n": "ROW-001"}, {"n": "ROW-002"}, tool="search_orders"),
    "writing the same once more": two({"v": "REV-001"}, {"v": "REV-002"}, tool="write_file"),
    "three were wanted": loop(),
    "it was refused, so not done": failing("ValidationError"),
}


@pytest.mark.parametrize("name", LOOK_ALIKES)
def test_look_alikes_stay_silent(store: Store, load: Any, name: str) -> None:
    load(*LOOK_ALIKES[name].ended())

    assert not looked(DUPLICATES, store).findings


def test_the_same_of_another_session_is_another_order(store: Store, load: Any) -> None:
    for number in (1, 2):
        talk = Conversation()
        pay(talk, {"payment": f"PAY-00{number}"}, agent="buyer")
        load(*talk.ended())

    assert not looked(DUPLICATES, store).findings


@pytest.mark.parametrize(
    "tool", ["send_email", "bookFlight", "payments.create", "Refund", "place-order", "mail:send", "sendMail"]
)
def test_which_tools_change_something(tool: str) -> None:
    assert re.search(MUTATING, tool)


@pytest.mark.parametrize(
    "tool",
    [
        *(
            "get_order",
            "readMessage",
            "search_posts",
            "sender_lookup",
            "list_orders",
            "paypal",
            "order_history",
            "transfer_to_critic",
            "transferToBilling",
        ),
        *(
            "summarize_text",
            "extract_text",
            "translate_message",
            "classify_email",
            "rank_book",
            "compose_post",
        ),
        *("explain_invoice", "parse_invoice", "analyze_relationship", "expand_context", "draw_border"),
        *("design_page", "generate_issue_title", "text_summary", "email_validator", "postprocess"),
    ],
)
def test_which_do_not(tool: str) -> None:
    assert not re.search(MUTATING, tool) or re.search(READING, tool)


def test_a_key_may_stand_behind_what_is_read_of_the_arguments(store: Store, load: Any) -> None:
    load(*two({"payment": "PAY-001"}, {"payment": "PAY-002"}, text="word " * 60).ended())

    (finding,) = looked(DUPLICATES, store).findings

    assert (finding.grade, finding.severity) == ("probable", "S2")
