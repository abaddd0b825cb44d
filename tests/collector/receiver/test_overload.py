"""More at once than the memory set aside for requests."""

import asyncio
import selectors
import socket
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import grpc
import psutil
import pytest
from google.rpc.error_details_pb2 import RetryInfo
from grpc_status import rpc_status

from collector.errors import Overloaded, TransientError
from collector.receiver import turns
from collector.receiver.in_flight import Hold, InFlight
from collector.receiver.turns import Turns
from tests.builders import span
from tests.collector.otlp.builders import body
from tests.collector.receiver.process import EXPORT, ReceiverProcess, receiver_in
from tests.waiting import eventually

BODY_BYTES_MAX = 1 << 20


def half_sent(receiver: ReceiverProcess) -> socket.socket:
    """A client that has sent all of its body but a byte, and waits."""
    host, port = receiver.url.removeprefix("http://").split(":")
    connection = socket.create_connection((host, int(port)))
    head = "POST /v1/traces HTTP/1.1\r\nhost: x\r\ncontent-type: application/x-protobuf\r\n"
    connection.sendall(f"{head}content-length: {BODY_BYTES_MAX}\r\n\r\n".encode())
    connection.sendall(bytes(BODY_BYTES_MAX - 1))
    return connection


def first_answer(connections: list[socket.socket]) -> bytes:
    with selectors.DefaultSelector() as selector:
        for connection in connections:
            selector.register(connection, selectors.EVENT_READ)
        ((answered, _), *_) = selector.select(timeout=30)
        assert isinstance(answered.fileobj, socket.socket)
        return answered.fileobj.recv(4096)


@pytest.mark.otlp(36, 51)
def test_the_fifth_of_the_largest_requests_is_asked_to_come_again(tmp_path: Path) -> None:
    with receiver_in(tmp_path / "data", body_bytes_max=BODY_BYTES_MAX) as receiver:
        connections = [half_sent(receiver) for _ in range(5)]

        answer = first_answer(connections)
        assert answer.startswith(b"HTTP/1.1 503")
        assert b"retry-after: 1\r\n" in answer

        for connection in connections:
            connection.close()
        large = body(span("large", {"text": "x" * (BODY_BYTES_MAX - 1_000)}))
        eventually(lambda: receiver.post(large).status_code == 200)


@contextmanager
def silent_callers(receiver: ReceiverProcess, callers: int) -> Iterator[Sequence[grpc.RpcError]]:
    """Clients that begin to export by gRPC, send nothing, and begin again when they are sent away."""
    end, refusals = threading.Event(), list[grpc.RpcError]()
    begin = receiver.channel.stream_unary(EXPORT)

    def nothing() -> Iterator[bytes]:
        end.wait()
        yield b""

    def call() -> None:
        while not end.is_set():
            try:
                begin(nothing())
            except grpc.RpcError as refusal:
                refusals.append(refusal)

    with ThreadPoolExecutor(callers) as threads:
        for _ in range(callers):
            threads.submit(call)
        try:
            yield refusals
        finally:
            end.set()


@pytest.mark.otlp(40, 51)
def test_callers_that_send_nothing_keep_nobody_out(tmp_path: Path) -> None:
    with receiver_in(tmp_path / "data") as receiver, silent_callers(receiver, 12) as refusals:
        eventually(lambda: refusals)

        for number in range(3):
            receiver.export(body(span(f"good {number}")))

        retry = RetryInfo()
        assert receiver.stored == ["good 0", "good 1", "good 2"]
        assert refusals[0].code() == grpc.StatusCode.UNAVAILABLE
        assert rpc_status.from_call(refusals[0]).details[0].Unpack(retry)
        assert retry.retry_delay.ToSeconds() == 1


def test_the_longest_turn_ends_for_each_who_waits_and_the_others_go_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(turns, "_SHARED_S", 0.0)
    monkeypatch.setattr(turns, "_TURN_S_MIN", 0.0)
    ended = list[str]()

    async def take(places: Turns, name: str, until: asyncio.Event) -> None:
        try:
            async with places.turn():
                await until.wait()
        except TransientError:
            ended.append(name)

    async def story() -> None:
        places, never, now = Turns(2), asyncio.Event(), asyncio.Event()
        now.set()
        slow = [asyncio.create_task(take(places, name, never)) for name in ("first", "second")]
        await asyncio.sleep(0.1)
        assert ended == []

        await take(places, "third", now)
        assert ended == ["first"]
        never.set()
        await asyncio.gather(*slow)

    asyncio.run(story())
    assert ended == ["first"]


def test_who_waits_too_long_is_asked_to_come_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "_WAIT_S_MAX", 0.01)

    async def story() -> None:
        places = Turns(1)
        async with places.turn():
            with pytest.raises(Overloaded):
                async with places.turn():
                    pass

    asyncio.run(story())


@pytest.mark.otlp(8, 51)
def test_of_many_large_messages_at_once_each_is_stored_or_asked_to_come_again(tmp_path: Path) -> None:
    large = body(span("large", {"text": "x" * (BODY_BYTES_MAX - 1_000)}))

    def code() -> grpc.StatusCode:
        try:
            receiver.export(large)
        except grpc.RpcError as error:
            answer: grpc.StatusCode = error.code()
            return answer
        return grpc.StatusCode.OK

    with (
        receiver_in(tmp_path / "data", body_bytes_max=BODY_BYTES_MAX) as receiver,
        ThreadPoolExecutor(64) as clients,
    ):
        codes = [each.result() for each in [clients.submit(code) for _ in range(64)]]

        assert set(codes) <= {grpc.StatusCode.OK, grpc.StatusCode.UNAVAILABLE}
        assert len(receiver.stored) == codes.count(grpc.StatusCode.OK) > 0


def test_a_large_message_that_was_answered_is_let_go(tmp_path: Path) -> None:
    size, messages = 16 << 20, 30
    with receiver_in(tmp_path / "data") as receiver:
        for _ in range(messages):
            with pytest.raises(grpc.RpcError, match="INVALID_ARGUMENT"):
                receiver.export(b"\xff" * size)

        assert psutil.Process(receiver.process.pid).memory_info().rss < messages * size


def test_a_call_without_a_request_is_refused_for_good(tmp_path: Path) -> None:
    with receiver_in(tmp_path / "data") as receiver:
        with pytest.raises(grpc.RpcError) as refused:
            receiver.channel.stream_unary(EXPORT)(iter(()), timeout=60)

        assert refused.value.code() == grpc.StatusCode.INVALID_ARGUMENT


def test_what_a_request_held_is_given_back_whatever_happened() -> None:
    in_flight = InFlight(bytes_max=10)

    with Hold(in_flight) as first:
        first.add(6)
        with Hold(in_flight) as second:
            second.add(4)
            with pytest.raises(Overloaded):
                second.add(1)
        assert in_flight.held_bytes == 6
    assert in_flight.held_bytes == 0
