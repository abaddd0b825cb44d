"""The feed over real exporters into a real receiver."""

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from doldrums_client import Rhythm

from client.tests.otlp_receiver import OtlpReceiver, Received, serving, until
from doldrums.demo.feed import run
from doldrums.demo.pace import Pace

RING = {"await_code": 2, "await_tests": 1, "await_docs": 1}
QUIET = Pace(history_runs=0, gap_s=(3600, 3600), standstill_first_s=3600, reindex_first_s=3600)


@contextmanager
def feeding(receiver: OtlpReceiver, pace: Pace | None = None) -> Iterator[threading.Event]:
    stop = threading.Event()
    feed = threading.Thread(target=run, args=(receiver.http, receiver.grpc, stop, pace))
    feed.start()
    try:
        yield stop
    finally:
        stop.set()
        feed.join(60)
        assert not feed.is_alive()


def _waits(receiver: OtlpReceiver) -> list[Received]:
    return receiver.open("execute_tool await_")


def _keys(spans: list[Received]) -> Counter[tuple[str, str, str]]:
    """Count by what a limit is learned for: agent, operation and tool."""
    return Counter(
        (said["gen_ai.agent.name"], said["gen_ai.operation.name"], said.get("gen_ai.tool.name", ""))
        for said in (one.attributes for one in spans)
        if "gen_ai.agent.name" in said
    )


@pytest.fixture(scope="module")
def received() -> OtlpReceiver:
    """Run the feed once at its own pace until the ring has been seen and the history is there."""
    with serving() as receiver, feeding(receiver):
        until(lambda: len({one.span.span_id for one in _waits(receiver)}) >= 4)
        until(lambda: Counter(one.span.span_id for one in _waits(receiver)).most_common(4)[-1][1] >= 2)
        until(lambda: len(receiver.finished()) > 5_000)
        until(lambda: {"grpc", "http/protobuf", "http/json"} <= {one.transport for one in receiver.spans})
    return receiver


class TestAsItIs:
    def test_every_resource_is_of_the_demo(self, received: OtlpReceiver) -> None:
        assert {one.resource["deployment.environment.name"] for one in received.spans} == {"demo"}

    def test_three_services_speak_three_dialects(self, received: OtlpReceiver) -> None:
        assert {(one.resource["service.name"], one.scope) for one in received.spans} == {
            ("software-team", "opentelemetry.instrumentation.genai"),
            ("research-desk", "openinference.instrumentation.openai_agents"),
            ("support-desk", "opentelemetry.instrumentation.openai_agents"),
        }

    def test_the_history_suffices_for_limits_of_what_gets_stuck(self, received: OtlpReceiver) -> None:
        keys = _keys(received.finished())

        for agent, tool in [
            ("planner", "await_code"),
            ("coder", "await_tests"),
            ("tester", "await_docs"),
            ("writer", "await_code"),
        ]:
            assert keys[agent, "execute_tool", tool] >= 120
            assert keys[agent, "invoke_agent", ""] >= 120
        rounds = [one for one in received.finished() if one.attributes.get("agent.name") == "librarian"]
        assert len(rounds) >= 120

    def test_usual_waits_last_a_second_or_so(self, received: OtlpReceiver) -> None:
        waited_s = sorted(
            (one.span.end_time_unix_nano - one.span.start_time_unix_nano) / 1e9
            for one in received.finished("execute_tool await_")
            if one.span.status.code != 2
        )

        assert 0.3 < waited_s[len(waited_s) // 2] < 1.0
        assert waited_s[int(len(waited_s) * 0.99)] < 2.0

    def test_the_four_are_stuck_in_one_trace_and_say_on_whom(self, received: OtlpReceiver) -> None:
        waits = Counter(one.span.trace_id for one in _waits(received))
        trace_id, _ = waits.most_common(1)[0]
        stuck = {
            (one.attributes["gen_ai.agent.name"], one.attributes["doldrums.wait.on"])
            for one in _waits(received)
            if one.span.trace_id == trace_id
        }

        assert stuck == {
            ("planner", "coder"),
            ("coder", "tester"),
            ("tester", "writer"),
            ("writer", "planner"),
        }
        agents = {one.span.name for one in received.open("invoke_agent") if one.span.trace_id == trace_id}
        assert agents == {f"invoke_agent {name}" for name in ("planner", "coder", "tester", "writer")}

    def test_a_stuck_wait_is_reported_again_and_makes_no_progress(self, received: OtlpReceiver) -> None:
        beats = Counter(one.span.span_id for one in _waits(received))
        stuck = [span_id for span_id, count in beats.items() if count >= 2]

        assert len(stuck) >= 4
        for span_id in stuck:
            reports = [one.attributes for one in _waits(received) if one.span.span_id == span_id]
            assert [said["doldrums.heartbeat"] for said in reports] == list(range(len(reports)))
            assert {said["doldrums.progress"] for said in reports} == {0}

    def test_what_was_left_open_ends_as_cancelled_when_the_feed_stops(self, received: OtlpReceiver) -> None:
        ended = {one.span.span_id: one for one in received.finished("execute_tool await_")}
        cancelled = [ended[one.span.span_id] for one in _waits(received) if one.span.span_id in ended]

        assert "CancelledError" in {one.attributes.get("error.type") for one in cancelled}


def test_the_standstill_ends_by_a_time_out_work_goes_on_and_it_happens_again(receiver: OtlpReceiver) -> None:
    pace = Pace(
        history_runs=0,
        gap_s=(3600, 3600),
        standstill_first_s=0,
        standstill_hold_s=2.5,
        standstill_quiet_s=0.2,
        reindex_first_s=3600,
        speed=10,
    )
    with feeding(receiver, pace):
        until(lambda: len(receiver.finished("invoke_workflow")) >= 2)
        until(lambda: len({one.span.trace_id for one in _waits(receiver)}) >= 2)

    first = min(receiver.finished("invoke_workflow"), key=lambda one: one.span.start_time_unix_nano)
    spans = [one for one in receiver.finished() if one.span.trace_id == first.span.trace_id]
    broken = Counter(one.attributes["error.type"] for one in spans if one.span.status.code == 2)
    got = Counter(
        one.attributes["gen_ai.tool.name"]
        for one in spans
        if "await_" in one.span.name and one.span.status.code != 2
    )
    assert broken["TimeoutError"] == 1
    assert broken["CancelledError"] == 3
    assert got == RING
    assert first.span.status.code != 2


def test_a_long_round_goes_on_and_on_and_makes_progress(receiver: OtlpReceiver) -> None:
    pace = Pace(
        history_runs=0,
        gap_s=(3600, 3600),
        standstill_first_s=3600,
        reindex_first_s=0,
        reindex_pages=10_000,
        speed=40,
        rhythm=Rhythm(look_s=0.05, beat_s=1),
    )

    def counts() -> list[int]:
        return [one.attributes["doldrums.progress"] for one in receiver.open("librarian")]

    with feeding(receiver, pace):
        until(lambda: len(counts()) >= 2)

    assert counts()[1] > counts()[0] + 20


def test_it_stops_in_the_middle_of_its_programme(receiver: OtlpReceiver) -> None:
    with feeding(receiver) as stop:
        until(lambda: len(receiver.spans) > 1_000)
        stop.set()


def test_it_waits_for_a_receiver_that_is_not_there_and_can_be_stopped() -> None:
    stop = threading.Event()
    feed = threading.Thread(target=run, args=("127.0.0.1:1", "127.0.0.1:1", stop, QUIET))
    feed.start()

    stop.set()

    feed.join(60)
    assert not feed.is_alive()


def test_it_stops_also_when_the_receiver_answers_no_more(receiver: OtlpReceiver) -> None:
    with feeding(receiver) as stop:
        until(lambda: len(receiver.spans) > 1_000)
        receiver.status = 503
        stop.set()
