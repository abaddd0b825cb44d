"""kill -9 of the core while it loads, twenty times: every acknowledged span exactly once."""

import random
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Self

import httpx
import pytest

from collector.journal.segment import Folders
from collector.store.store import open_store
from doldrums.address import Address
from doldrums.ports import claimed
from doldrums.settings import Settings
from tests.builders import request, span
from tests.loopback import http
from tests.service import READY_S_MAX, until

KILLS = 20
SPANS_PER_REQUEST = 64


class Child:
    """One part of the service, started as the supervisor does, without its back-off."""

    def __init__(self, name: str, settings: Settings, log: Path) -> None:
        with log.open("a") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-P", "-m", "doldrums.child", name],
                stdin=subprocess.PIPE,
                stdout=output,
                stderr=output,
            )
        assert self.process.stdin is not None
        self.process.stdin.write(settings.model_dump_json().encode() + b"\n")
        self.process.stdin.flush()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.process.kill()
        self.process.communicate()

    def stop(self) -> int:
        self.process.terminate()
        return self.process.wait(60)


class Sender:
    """Sends without a pause and remembers what was acknowledged."""

    def __init__(self, url: str) -> None:
        self.acknowledged: list[bytes] = []
        self._url = url
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._send)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopping.set()
        self._thread.join()

    def _send(self) -> None:
        with httpx.Client(headers={"content-type": "application/x-protobuf"}, timeout=30) as client:
            while not self._stopping.wait(0.05):
                spans = [span(attributes={"text": "x" * 500}) for _ in range(SPANS_PER_REQUEST)]
                answer = client.post(self._url, content=request(*spans).SerializeToString())
                if answer.status_code == 200:
                    self.acknowledged += [one.span_id for one in spans]


@pytest.mark.faults
@pytest.mark.timeout(900)
def test_every_acknowledged_span_is_stored_once_after_twenty_kills_of_the_core(tmp_path: Path) -> None:
    chance, log = random.Random(7), tmp_path / "log"
    settings = settings_in(tmp_path)
    with Child("receiver", settings, log) as receiver:
        until(lambda: is_ready(settings.otlp_http_address), READY_S_MAX, log.read_text)
        with Sender(f"{settings.otlp_http_address.url}/v1/traces") as sender:
            for _ in range(KILLS):
                with Child("core", settings, log):
                    until(lambda: is_ready(settings.api_address), READY_S_MAX, log.read_text)
                    time.sleep(chance.uniform(0, 1.5))  # a random moment of the load is what is tested
        # what is still open is sealed by its stop
        assert receiver.stop() == 0
    with Child("core", settings, log) as core:
        until(lambda: not any(Folders(tmp_path).sealed.iterdir()), 120, log.read_text)
        assert core.stop() == 0

    assert len(sender.acknowledged) > KILLS * SPANS_PER_REQUEST
    assert stored_ids(tmp_path) == sorted(sender.acknowledged)
    assert not list(Folders(tmp_path).quarantine.glob("*.reason"))


def settings_in(folder: Path) -> Settings:
    names = ("otlp_http_address", "otlp_grpc_address", "api_address", "dashboard_address")
    addresses = claimed(dict.fromkeys(names, Address("127.0.0.1", 0)))
    return Settings(data_dir=folder, free_ratio_min=0, **addresses)


def is_ready(address: Address) -> bool:
    try:
        return http.get(f"{address.url}/readyz").is_success
    except httpx.HTTPError:
        return False


def stored_ids(folder: Path) -> list[bytes]:
    """Every span id in the store, read by an engine of our own after the service has stopped."""
    store = open_store(f"chdb://{folder / 'store'}")
    rows = store.query("SELECT span_id FROM spans")
    store.close()
    return sorted(row["span_id"] for row in rows)
