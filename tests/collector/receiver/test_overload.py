"""More at once than the memory set aside for requests."""

import selectors
import socket
from pathlib import Path

import pytest

from collector.errors import Overloaded
from collector.receiver.in_flight import Hold, InFlight
from tests.builders import span
from tests.collector.otlp.builders import body
from tests.collector.receiver.process import ReceiverProcess, receiver_in
from tests.doldrums.waiting import eventually

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
