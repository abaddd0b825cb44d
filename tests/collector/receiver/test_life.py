"""How a receiver starts, stops, fails and comes back."""

import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import grpc
import httpx
import pytest

from collector.errors import AddressUnavailable, JournalInUse
from collector.journal.segment import Folders, segments
from collector.receiver.server import Receiver
from tests.builders import span
from tests.collector.otlp.builders import body
from tests.collector.receiver.process import EXPORT, ReceiverProcess, receiver_in
from tests.waiting import eventually


class Load:
    """Clients that send span after span until the receiver is gone, and know what was acknowledged."""

    def __init__(self, receiver: ReceiverProcess, clients: int, prefix: str = "span") -> None:
        self._receiver = receiver
        self._prefix = prefix
        self.acknowledged: list[str] = []
        senders = [self._send_http, self._send_grpc]
        self._threads = [
            threading.Thread(target=senders[number % 2], args=(number,)) for number in range(clients)
        ]
        for thread in self._threads:
            thread.start()

    def _send_http(self, client: int) -> None:
        with httpx.Client(base_url=self._receiver.url, verify=False) as http:
            for number in range(100_000):
                name = f"{self._prefix} {client} {number}"
                try:
                    response = http.post(
                        "/v1/traces",
                        content=body(span(name)),
                        headers={"content-type": "application/x-protobuf"},
                    )
                except httpx.TransportError:
                    return
                if response.status_code == 200:
                    self.acknowledged.append(name)

    def _send_grpc(self, client: int) -> None:
        for number in range(100_000):
            name = f"{self._prefix} {client} {number}"
            try:
                self._receiver.export(body(span(name)))
            except (grpc.RpcError, ValueError):
                return
            self.acknowledged.append(name)

    def end(self) -> set[str]:
        """Wait until all clients have noticed, and return what was acknowledged."""
        for thread in self._threads:
            thread.join()
        return set(self.acknowledged)


@pytest.mark.otlp(38)
@pytest.mark.faults
def test_no_acknowledged_span_is_lost_when_it_is_killed(tmp_path: Path) -> None:
    acknowledged: set[str] = set()
    for seconds in (0.1, 0.25, 0.4, 0.55, 0.7):
        with receiver_in(tmp_path / "data", segment_age_ms_max=50) as receiver:
            load = Load(receiver, clients=6, prefix=f"until {seconds}")
            time.sleep(seconds)
            receiver.process.kill()
            acknowledged |= load.end()

    with receiver_in(tmp_path / "data") as restarted:
        stored = restarted.stored
        assert acknowledged <= set(stored)
        eventually(lambda: restarted.snapshot.spans_accepted == len(stored))
    assert len(acknowledged) > 100


@pytest.mark.otlp(54)
def test_stopping_finishes_what_is_under_way_and_seals(tmp_path: Path) -> None:
    with receiver_in(tmp_path / "data", segment_age_ms_max=600_000) as receiver:
        load = Load(receiver, clients=4)
        eventually(lambda: len(load.acknowledged) > 50)

        assert receiver.stop() == 0

        assert load.end() <= set(receiver.stored)
        assert segments(receiver.folders.open) == []
        assert receiver.snapshot.spans_accepted == len(receiver.stored)


@pytest.mark.otlp(54)
def test_stopping_does_not_wait_for_a_client_that_sends_no_more(tmp_path: Path) -> None:
    with receiver_in(tmp_path / "data") as receiver:
        host, port = receiver.url.removeprefix("http://").split(":")
        with socket.create_connection((host, int(port))) as connection:
            connection.sendall(
                b"POST /v1/traces HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n"
                b"content-length: 9\r\n\r\n{"
            )
            receiver.post(body(span()))

            assert receiver.stop() == 0
            assert connection.recv(4096).startswith(b"HTTP/1.1 503")


@pytest.mark.otlp(54)
def test_a_call_that_is_cut_off_by_the_stop_may_be_made_again(tmp_path: Path) -> None:
    end = threading.Event()

    def nothing() -> Iterator[bytes]:
        end.wait()
        yield b""

    with receiver_in(tmp_path / "data") as receiver:
        call = receiver.channel.stream_unary(EXPORT).future(nothing(), timeout=60)
        receiver.export(body(span()))

        assert receiver.stop() == 0

        assert call.code() in {grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.CANCELLED}
        end.set()


@pytest.mark.otlp(35, 38)
def test_a_disk_that_takes_no_more_is_unavailable_and_ends_the_process(tmp_path: Path) -> None:
    with receiver_in(tmp_path / "data", file_bytes_max=20_000, segment_age_ms_max=600_000) as receiver:
        assert receiver.post(body(span("kept", {"text": "x" * 9_000}))).status_code == 200

        refused = receiver.post(body(span("refused", {"text": "x" * 12_000})))

        assert (refused.status_code, refused.headers["retry-after"]) == (503, "1")
        assert receiver.process.wait(timeout=60) == 1
        snapshot = receiver.snapshot
        assert not snapshot.ready
        assert "File too large" in str(snapshot.problem)
        assert snapshot.spans_failed == 1
    with receiver_in(tmp_path / "data") as restarted:
        assert restarted.stored == ["kept"]
        eventually(lambda: restarted.snapshot.spans_accepted == 1)


@pytest.mark.otlp(35, 36)
def test_a_full_journal_is_told_and_left_by_itself(tmp_path: Path) -> None:
    with receiver_in(tmp_path / "data", journal_bytes_max=100, segment_age_ms_max=10) as receiver:
        assert receiver.post(body(span("first"))).status_code == 200
        eventually(lambda: receiver.http.get("/readyz").status_code == 503)

        refused = receiver.post(body(span("refused")))
        assert (refused.status_code, refused.headers["retry-after"]) == (503, "10")
        eventually(lambda: receiver.snapshot.spans_failed == 1 and not receiver.snapshot.ready)

        for path in receiver.folders.sealed.iterdir():
            path.unlink()
        eventually(lambda: receiver.http.get("/readyz").status_code == 200)
        assert receiver.post(body(span("second"))).status_code == 200


@pytest.mark.otlp(53)
def test_totals_go_on_after_a_restart(tmp_path: Path) -> None:
    for number in (1, 2):
        with receiver_in(tmp_path / "data") as receiver:
            receiver.post(body(span("http")))
            receiver.export(body(span("grpc"), span("grpc")))
            receiver.post(b"nonsense")
            assert receiver.stop() == 0

            snapshot = receiver.snapshot
            assert snapshot.spans_accepted == 3 * number
            assert snapshot.counters.spans["http/protobuf"].accepted == number
            assert snapshot.counters.spans["grpc/protobuf"].accepted == 2 * number
            assert snapshot.counters.requests["http/protobuf"].rejected == number
            assert snapshot.journal_written_bytes > 0


@pytest.mark.parametrize(("transport", "name"), [("http", "OTLP/HTTP"), ("grpc", "OTLP/gRPC")])
def test_an_address_in_use_is_named(tmp_path: Path, transport: str, name: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        addresses = {
            "http_address": "127.0.0.1:0",
            "grpc_address": "127.0.0.1:0",
            f"{transport}_address": address,
        }
        receiver = Receiver(**addresses, folders=Folders(tmp_path / "data"))

        with pytest.raises(AddressUnavailable, match=f"cannot listen on {address} for {name}"):
            receiver.run()


@pytest.mark.parametrize("address", ["127.0.0.1", "127.0.0.1:99999", "192.0.2.1:0", "no host:0"])
def test_what_is_no_address_of_this_machine_is_named(tmp_path: Path, address: str) -> None:
    with pytest.raises(AddressUnavailable, match=address):
        Receiver(address, "127.0.0.1:0", Folders(tmp_path / "data")).run()


def test_two_receivers_do_not_share_a_folder(tmp_path: Path) -> None:
    with receiver_in(tmp_path / "data") as receiver:
        with pytest.raises(JournalInUse):
            Receiver("127.0.0.1:0", "127.0.0.1:0", receiver.folders).run()

        assert receiver.post(body(span("unharmed"))).status_code == 200


def test_a_large_request_does_not_hold_up_small_ones(tmp_path: Path) -> None:
    spans = [span(f"large {number}", {"text": "x" * 1_000}) for number in range(40_000)]
    large = body(*spans)
    with receiver_in(tmp_path / "data") as receiver:
        waits_s: list[float] = []
        done = threading.Event()
        sender = threading.Thread(target=lambda: (receiver.post(large), done.set()))
        sender.start()
        with httpx.Client(base_url=receiver.url) as http:
            while not done.is_set():
                began_s = time.monotonic()
                sent = http.post(
                    "/v1/traces", content=body(span()), headers={"content-type": "application/x-protobuf"}
                )
                assert sent.status_code == 200
                waits_s.append(time.monotonic() - began_s)
        sender.join()
        print(f"{len(large)} bytes; small requests meanwhile: {len(waits_s)}, longest {max(waits_s):.3f} s")

        assert len(waits_s) > 3
        assert len([name for name in receiver.stored if name.startswith("large")]) == 40_000
