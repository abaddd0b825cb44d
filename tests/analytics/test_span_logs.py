"""Log records join their span: its content, its events, what went wrong and what it waits for."""

import json
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from opentelemetry.proto.logs.v1.logs_pb2 import LogRecord
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from collector.store.migrate import migrate
from collector.store.store import open_store
from doldrums.logs_without_span import LogsWithoutSpan
from tests.analytics.log_desk import LogDesk
from tests.builders import SECOND, span
from tests.log_builders import log

CHAT = {"gen_ai.operation.name": "chat", "gen_ai.request.model": "gpt-5"}
ASKED = [{"role": "user", "parts": [{"type": "text", "content": "how much?"}]}]
ANSWERED = [{"role": "assistant", "parts": [{"type": "text", "content": "42 EUR"}]}]
DETAILS = "gen_ai.client.inference.operation.details"


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LogDesk]:
    folder = tmp_path_factory.mktemp("desk")
    store = open_store(f"chdb://{folder / 'store'}")
    migrate(store)
    yield LogDesk(store, folder)
    store.close()


def span_first(desk: LogDesk, of: Span, *records: LogRecord) -> None:
    desk.spans(of)
    desk.detail(of)
    desk.logs(*records)


def logs_first(desk: LogDesk, of: Span, *records: LogRecord) -> None:
    desk.logs(*records)
    desk.assembler.run_once()
    desk.spans(of)


either_order = pytest.mark.parametrize("send", [span_first, logs_first])
Send = Callable[..., None]


@either_order
def test_a_span_without_content_has_that_of_its_log(desk: LogDesk, send: Send) -> None:
    chat = span("chat", CHAT)
    told = [{"type": "text", "content": "be brief"}]
    said = {"gen_ai.input.messages": ASKED, "gen_ai.output.messages": ANSWERED}

    send(desk, chat, log(DETAILS, said | {"gen_ai.system_instructions": told}, of=chat))

    found = desk.detail(chat)
    assert (json.loads(found.input or ""), json.loads(found.output or "")) == ([*told, *ASKED], ANSWERED)
    assert [event.name for event in found.events] == [DETAILS]
    assert set(found.marks) == {"input_from_logs", "output_from_logs"}


def test_messages_that_are_events_of_their_own_are_one_conversation(desk: LogDesk) -> None:
    chat, start = span("chat", CHAT), time.time_ns()
    answer = {"index": 0, "finish_reason": "stop", "message": {"content": "42 EUR"}}

    logs_first(
        desk,
        chat,
        log("gen_ai.choice", of=chat, body=answer, at_ns=start + 3),
        log("gen_ai.user.message", of=chat, body={"content": "how much?"}, at_ns=start + 2),
        log("gen_ai.system.message", of=chat, body="be brief", at_ns=start + 1),
    )

    found = desk.detail(chat)
    assert json.loads(found.input or "") == [
        {"role": "system", "content": "be brief"},
        {"role": "user", "content": "how much?"},
    ]
    assert json.loads(found.output or "") == [{"role": "assistant"} | answer]
    assert [event.name for event in found.events] == [
        "gen_ai.system.message",
        "gen_ai.user.message",
        "gen_ai.choice",
    ]
    assert found.events[0].attributes == {"body": "be brief"}


def test_a_spans_own_content_stands(desk: LogDesk) -> None:
    chat = span("chat", CHAT | {"gen_ai.input.messages": "mine"})

    span_first(desk, chat, log(DETAILS, {"gen_ai.input.messages": ASKED}, of=chat))

    found = desk.detail(chat)
    assert (found.input, found.marks) == ("mine", [])


def test_a_clients_retry_is_one_event(desk: LogDesk) -> None:
    chat = span("chat", CHAT)
    record = log("gen_ai.choice", of=chat, body="42 EUR")

    span_first(desk, chat, record)
    desk.logs(record)

    assert len(desk.detail(chat).events) == 1


@either_order
def test_an_exception_that_was_logged_is_an_error_event_and_says_what_failed(
    desk: LogDesk, send: Send
) -> None:
    failed = span("search", error="")
    raised = {"exception.type": "OSError", "exception.message": "no index", "exception.stacktrace": "..."}

    send(desk, failed, log(attributes=raised, of=failed, body="failed"))

    found = desk.detail(failed)
    assert (found.status, found.error_type, found.error_message) == ("error", "OSError", "no index")
    assert [(event.name, event.attributes["exception.type"]) for event in found.events] == [
        ("exception", "OSError")
    ]


def test_what_a_span_says_of_its_error_stands_and_an_exception_alone_is_no_error(desk: LogDesk) -> None:
    said = span("search", {"error.type": "timeout"}, error="too slow")
    fine = span("search")
    raised = {"exception.type": "OSError", "exception.message": "no index"}

    desk.spans(said, fine)
    desk.logs(*(log(attributes=raised, of=one) for one in (said, fine)))

    found = desk.detail(said)
    assert (found.error_type, found.error_message) == ("timeout", "too slow")
    assert (desk.detail(fine).status, desk.detail(fine).error_type) == ("unset", None)
    assert len(desk.detail(fine).events) == 1


def test_an_open_span_waits_for_what_its_agent_pauses_for(desk: LogDesk) -> None:
    run, now = span("run", end_ns=0), time.time_ns()
    paused = log("gen_ai.agent.paused", {"gen_ai.agent.pause.reason": "human_input"}, of=run, at_ns=now)

    span_first(desk, run, paused)

    assert desk.detail(run).waiting_on == "human"
    (row,) = open_rows(desk, run)
    assert (row["waiting_on"], row["wait_reason"]) == ("human", "human")

    desk.logs(log("gen_ai.agent.resumed", of=run, at_ns=now + SECOND))
    assert desk.detail(run).waiting_on is None


def open_rows(desk: LogDesk, of: Span) -> list[dict[str, Any]]:
    return desk.store.query(
        "SELECT waiting_on, wait_reason FROM open_spans FINAL WHERE trace_id = unhex({id:String})",
        {"id": of.trace_id.hex()},
    )


def test_another_projects_log_with_the_same_ids_is_not_shown(desk: LogDesk) -> None:
    chat = span("chat", CHAT, error="")

    desk.spans(chat)
    desk.spans(chat, project="other")
    desk.logs(log(attributes={"exception.type": "OSError"}, of=chat), project="other")

    found = desk.detail(chat)
    assert (found.events, found.error_type) == ([], "_OTHER")
    assert desk.detail(chat, "other").error_type == "OSError"


@pytest.mark.parametrize("start_ns", [1, 2**63 - 1], ids=["1970", "2262"])
def test_a_span_of_any_time_has_its_logs(desk: LogDesk, start_ns: int) -> None:
    failed = span("search", error="", start_ns=start_ns, end_ns=start_ns)

    span_first(desk, failed, log(attributes={"exception.type": "OSError"}, of=failed))

    found = desk.detail(failed)
    assert (found.error_type, len(found.events)) == ("OSError", 1)


def test_a_log_whose_span_never_comes_is_counted(desk: LogDesk) -> None:
    before = LogsWithoutSpan(desk.store).count()
    minutes_ago = time.time_ns() - 300 * SECOND
    lost, there = span("lost"), span("there")

    desk.spans(there)
    desk.logs(log("gen_ai.choice", of=lost), log("gen_ai.choice", of=there), at_ns=minutes_ago)
    desk.logs(log("gen_ai.choice", of=lost))  # may still come
    desk.detail(there)

    assert LogsWithoutSpan(desk.store).count() == before + 1


def test_a_log_touches_a_large_trace_as_a_span_does(desk: LogDesk) -> None:
    failed = span("search", error="")
    desk.spans(failed, span("other", trace_id=failed.trace_id))
    desk.detail(failed)
    desk.assembler._large.learn({failed.trace_id.hex() + "default": 10_000})
    desk.assembler._large.rest(elapsed_s=3_600)

    desk.logs(log(attributes={"exception.type": "OSError"}, of=failed))
    desk.assembler.run_once()

    assert set(desk.assembler.waiting) == {failed.trace_id.hex() + "default"}
    desk.assembler._large.rest(elapsed_s=0)
    desk.assembler.run_once()
    assert desk.detail(failed).error_type == "OSError"


@pytest.mark.parametrize(("number", "size"), [(1_200, 1), (40, 250_000)], ids=["many", "large"])
def test_of_too_many_records_the_first_are_shown_with_a_mark(desk: LogDesk, number: int, size: int) -> None:
    chat, text = span("chat", CHAT), "x" * size
    records = [
        log("gen_ai.user.message", of=chat, body=f"{at} {text}", at_ns=at) for at in range(1, number + 1)
    ]

    span_first(desk, chat, *reversed(records))

    found = desk.detail(chat)
    assert f"logs_cut:{number}" in found.marks
    assert [event.attributes["body"].split()[0] for event in found.events[:3]] == ["1", "2", "3"]
    assert 30 < len(found.events) < number
