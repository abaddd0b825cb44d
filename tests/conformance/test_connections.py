"""Connections: many at once, kept alive, and those of clients that are slow or say nothing."""

import resource
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import grpc
import httpx
import psutil
import pytest

from tests.builders import span
from tests.collector.otlp.builders import body
from tests.collector.receiver.process import EXPORT, PROTOBUF, ReceiverProcess, receiver_in
from tests.waiting import eventually

CONNECTIONS_MAX = 50
HEAD = b"POST /v1/traces HTTP/1.1\r\nhost: x\r\ncontent-type: application/x-protobuf\r\n"
# how a slow client begins, and how it goes on
SLOW = {
    "nothing": (b"", b""),
    "line ends": (b"\r\n", b"\r\n"),
    "half a head": (HEAD, b""),
    "a head that trickles": (HEAD, b"x"),
    "half a body": (HEAD + b"content-length: 1000\r\n\r\nhalf", b""),
    "a body that trickles": (HEAD + b"content-length: 1000000\r\n\r\nhalf", b"x"),
    "half a chunk": (HEAD + b"transfer-encoding: chunked\r\n\r\n400\r\nhalf", b""),
}


@pytest.fixture(scope="module")
def hasty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ReceiverProcess]:
    """A receiver that does not wait long for a request."""
    data_dir = tmp_path_factory.mktemp("hasty") / "data"
    with receiver_in(data_dir, connections_max=CONNECTIONS_MAX, request_s_max=2, idle_s_max=1) as started:
        yield started


@pytest.mark.otlp(8)
def test_concurrent_calls_of_one_grpc_connection_are_all_taken(receiver: ReceiverProcess) -> None:
    with ThreadPoolExecutor(32) as threads:
        calls = [threads.submit(receiver.export, body(span(f"call {number}"))) for number in range(100)]
        assert not any(call.result().HasField("partial_success") for call in calls)

    assert {f"call {number}" for number in range(100)} <= set(receiver.stored)


@pytest.mark.otlp(8)
def test_requests_over_many_http_connections_are_all_taken(receiver: ReceiverProcess) -> None:
    with ThreadPoolExecutor(16) as threads:
        statuses = threads.map(post, [receiver] * 64, [f"connection {number}" for number in range(64)])
        assert set(statuses) == {200}


@pytest.mark.otlp(40, 50)
def test_connections_whose_request_does_not_come_or_trickles_are_closed(hasty: ReceiverProcess) -> None:
    with ExitStack() as stack:
        connections = {stack.enter_context(connected(hasty)): trickle for _, trickle in SLOW.values()}
        for connection, (begun, _) in zip(connections, SLOW.values(), strict=True):
            connection.sendall(begun)
            connection.settimeout(0.01)

        # each has its trickle every time
        eventually(lambda: sum(has_ended(*each) for each in connections.items()) == len(SLOW))


def has_ended(connection: socket.socket, trickle: bytes) -> bool:
    """Send a little more, and tell whether the other side has closed."""
    try:
        connection.sendall(trickle)
        while connection.recv(4096):
            pass
    except TimeoutError:
        return False
    except ConnectionError:
        pass
    return True


@pytest.mark.otlp(4, 50)
def test_an_idle_connection_is_closed_after_a_while(hasty: ReceiverProcess) -> None:
    with connected(hasty) as connection:
        connection.sendall(HEAD + b"content-length: 0\r\n\r\n")

        assert connection.recv(4096).startswith(b"HTTP/1.1 200")
        assert is_closed(connection)


@pytest.mark.otlp(40, 51)
def test_many_slow_clients_keep_no_good_one_out_and_are_closed(hasty: ReceiverProcess) -> None:
    with ExitStack() as stack:
        slow = []
        for number in range(4 * CONNECTIONS_MAX):
            connection = stack.enter_context(connected(hasty))
            connection.sendall([*SLOW.values()][number % len(SLOW)][0])
            slow.append(connection)
            if number % 20 == 0:
                assert post(hasty, f"good {number}") == 200

        assert all(map(is_closed, slow))


def test_the_receiver_raises_its_limit_of_open_files(tmp_path: Path) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    # few, but as many as this process has open already: an engine of other tests has hundreds
    resource.setrlimit(resource.RLIMIT_NOFILE, (psutil.Process().num_fds() + 100, hard))
    try:
        with receiver_in(tmp_path / "data") as receiver:
            allowed, _ = psutil.Process(receiver.process.pid).rlimit(psutil.RLIMIT_NOFILE)
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))

    assert allowed == min(2_512, hard)


@pytest.mark.otlp(40, 49)
def test_a_grpc_connection_on_which_nothing_comes_is_closed(hasty: ReceiverProcess) -> None:
    host, port = hasty.grpc_address.split(":")
    place = (host, int(port))
    with (
        socket.create_connection(place, timeout=30) as silent,
        socket.create_connection(place, timeout=30) as half,
    ):
        half.sendall(b"PRI * HTTP/2.0\r\n\r\n")

        assert is_closed(silent)
        assert is_closed(half)


@pytest.mark.otlp(49)
def test_an_idle_grpc_connection_is_closed_and_the_client_connects_anew(hasty: ReceiverProcess) -> None:
    states = list[grpc.ChannelConnectivity]()
    with grpc.insecure_channel(hasty.grpc_address) as channel:
        channel.subscribe(states.append)
        export = channel.unary_unary(EXPORT)
        export(body(span("first")), timeout=30)

        eventually(lambda: states and states[-1] == grpc.ChannelConnectivity.IDLE)

        assert export(body(span("second")), timeout=30, wait_for_ready=True) == b""


def connected(receiver: ReceiverProcess) -> socket.socket:
    return socket.create_connection(receiver.http_place, timeout=30)


def post(receiver: ReceiverProcess, name: str) -> int:
    """Send a span over a connection of its own, and return the status."""
    with httpx.Client(base_url=receiver.url, verify=False, timeout=60) as http:
        return http.post(
            "/v1/traces", content=body(span(name)), headers={"content-type": PROTOBUF}
        ).status_code


def is_closed(connection: socket.socket) -> bool:
    """Wait until the other side closes it, whatever it says before; fail by the socket's own timeout."""
    try:
        while connection.recv(4096):
            pass
    except ConnectionError:
        pass
    return True
