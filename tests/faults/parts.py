"""Receiver and core as the supervisor starts them, without its back-off: to be killed one by one."""

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

import httpx

from collector.journal.segment import Folders
from collector.store.store import open_store
from doldrums.address import Address
from doldrums.ports import claimed
from doldrums.settings import Settings
from tests.service import until

READY_S_MAX = 120


class Part:
    """One process of the service."""

    def __init__(
        self,
        name: str,
        settings: Settings,
        *,
        before: tuple[str, ...] = (),
        environment: Mapping[str, str] | None = None,
    ) -> None:
        self._address = settings.otlp_http_address if name == "receiver" else settings.api_address
        self._log = log_of(settings)
        with self._log.open("a") as output:
            self.process = subprocess.Popen(
                [*before, sys.executable, "-P", "-m", "doldrums.child", name],
                stdin=subprocess.PIPE,
                stdout=output,
                stderr=output,
                env=os.environ | dict(environment or {}),
            )
        assert self.process.stdin is not None
        self.process.stdin.write(settings.model_dump_json().encode() + b"\n")
        self.process.stdin.flush()

    def wait_until_ready(self) -> float:
        """Return how long that took, in seconds."""
        began_s = time.monotonic()
        until(lambda: is_ready(self._address), READY_S_MAX, lambda: self._log.read_text()[-3000:])
        return time.monotonic() - began_s

    def kill(self) -> None:
        self.process.kill()
        self.process.communicate()

    def send(self, number: signal.Signals) -> None:
        self.process.send_signal(number)

    def stop(self) -> int:
        self.process.terminate()
        code = self.process.wait(60)  # before its input ends: that means the supervisor is gone
        self.process.communicate()
        return code


def log_of(settings: Settings) -> Path:
    """Beside the data: what is written there must not fill the disk that is tested."""
    return settings.data_dir.with_name(f"{settings.data_dir.name}.log")


def settings_in(folder: Path, **others: Any) -> Settings:
    folder.mkdir(exist_ok=True)
    names = ("otlp_http_address", "otlp_grpc_address", "api_address", "dashboard_address")
    addresses = claimed(dict.fromkeys(names, Address("127.0.0.1", 0)))
    bounds = {"free_ratio_min": 0, "free_bytes_min": 0} | others
    return Settings(data_dir=folder, **bounds, **addresses)


def is_ready(address: Address) -> bool:
    try:
        return httpx.get(f"{address.url}/readyz", timeout=5).is_success
    except httpx.HTTPError:
        return False


def load_all(settings: Settings, receiver: Part, core: Part) -> None:
    """Stop the receiver, which seals what is open, and the core once all of it is loaded."""
    assert receiver.stop() == 0
    sealed = Folders(settings.data_dir).sealed
    until(lambda: not any(sealed.iterdir()), 600, lambda: log_of(settings).read_text()[-3000:])
    assert core.stop() == 0


def stored_ids(folder: Path) -> list[bytes]:
    """Every span id in the store, read by an engine of our own after the service has stopped."""
    store = open_store(f"chdb://{folder / 'store'}")
    rows = store.query("SELECT span_id FROM spans")
    store.close()
    return [row["span_id"] for row in rows]


def assert_all_stored_once(folder: Path, acknowledged: Collection[bytes], sent: Collection[bytes]) -> None:
    """What was acknowledged is there, nothing twice, nothing that nobody sent, nothing in quarantine."""
    stored = stored_ids(folder)
    lost = set(acknowledged).difference(stored)
    doubled = [identifier for identifier, times in Counter(stored).items() if times > 1]
    invented = set(stored).difference(sent)
    assert (len(lost), len(doubled), len(invented)) == (0, 0, 0)
    reasons = [path.read_text() for path in Folders(folder).quarantine.glob("*.reason")]
    assert reasons == []
