"""The service as users start it: `doldrums serve` in a process, on free ports, in a folder of its own."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Self

import httpx

from tests.loopback import http
from tests.waiting import eventually

READY_S_MAX = 120
STOP_S_MAX = 60


class Service:
    """A running service; `with` starts and stops it.

    Parameters
    ----------
    settings
        More of the environment: `{"DOLDRUMS_WEBHOOKS": ...}`.
    log_folder
        Where its log is kept, if not beside its data.
    """

    def __init__(
        self,
        folder: Path,
        settings: Mapping[str, str] | None = None,
        *,
        dashboard: bool = False,
        log_folder: Path | None = None,
    ) -> None:
        self.folder = folder
        self._log = (log_folder or folder) / "service.log"
        self._command = [str(Path(sys.executable).with_name("doldrums")), "serve"]
        self._command += [] if dashboard else ["--no-dashboard"]
        names = ("OTLP_HTTP", "OTLP_GRPC", "API", "DASHBOARD")
        self._environment = (
            os.environ
            | {f"DOLDRUMS_{name}_ADDRESS": "127.0.0.1:0" for name in names}
            | {"DOLDRUMS_DATA_DIR": str(folder), "DOLDRUMS_FREE_RATIO_MIN": "0"}
            | dict(settings or {})
        )

    def __enter__(self) -> Self:
        try:
            self.start()
        except BaseException:
            self._process.kill()  # its children end with it
            self._process.wait()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        with self._log.open("a") as log:
            self._process = subprocess.Popen(
                self._command, env=self._environment, stdout=log, stderr=subprocess.STDOUT
            )
        until(self.is_ready, READY_S_MAX, lambda: f"the service is not ready:\n{self.log()[-3000:]}")

    def stop(self) -> int:
        """Stop it as Ctrl-C does, and return the exit code."""
        self._process.send_signal(signal.SIGINT)
        return self._process.wait(STOP_S_MAX)

    def log(self) -> str:
        return self._log.read_text()

    @property
    def run(self) -> dict[str, Any]:
        """What run.json says."""
        found: dict[str, Any] = json.loads((self.folder / "run.json").read_text())
        return found

    @property
    def pids(self) -> dict[str, int]:
        found: dict[str, int] = self.run["pids"]
        return found

    def url(self, part: str) -> str:
        return f"http://{self.run[part]}"

    def get(self, path: str, **parameters: str) -> Any:
        """Ask the API."""
        answer = http.get(f"{self.url('api')}/api/v1{path}", params=parameters or None)
        answer.raise_for_status()
        return answer.json()

    def stats(self) -> dict[str, Any]:
        found: dict[str, Any] = self.get("/stats")
        return found

    def wait_until_stored(self, spans: int, timeout_s: float = 60) -> float:
        """Wait for that many spans in the store; a core that restarts does not answer for a while."""
        until(
            lambda: self._stored() >= spans,
            timeout_s,
            lambda: f"{self._stored()} of {spans} spans are stored",
        )
        return time.monotonic()

    def _stored(self) -> int:
        try:
            return int(self.stats()["spans"]["stored"])
        except httpx.HTTPError:
            return -1

    def is_ready(self) -> bool:
        if self._process.poll() is not None:
            raise RuntimeError(
                f"the service ended with code {self._process.returncode}:\n{self.log()[-3000:]}"
            )
        try:
            return all(http.get(f"{self.url(part)}/readyz").is_success for part in ("api", "otlp_http"))
        except (OSError, ValueError, KeyError, httpx.HTTPError):
            return False


def until(condition: Callable[[], object], timeout_s: float, failure: Callable[[], str] = lambda: "") -> None:
    """Wait for a condition; a test waits for what it wants to see, never for time."""
    eventually(condition, timeout_s, failure, every_s=0.05)
