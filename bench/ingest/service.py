"""The service under load: started as users start it, watched from outside."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import httpx
import psutil

READY_S_MAX = 60


class Service:
    """`doldrums serve --no-dashboard` on free ports, in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        free = {
            f"DOLDRUMS_{name}_ADDRESS": "127.0.0.1:0"
            for name in ("OTLP_HTTP", "OTLP_GRPC", "API", "DASHBOARD")
        }
        self._environment = (
            os.environ | free | {"DOLDRUMS_DATA_DIR": str(folder), "DOLDRUMS_FREE_RATIO_MIN": "0"}
        )

    def __enter__(self) -> Self:
        command = [str(Path(sys.executable).with_name("doldrums")), "serve", "--no-dashboard"]
        log = (self._folder / "service.log").open("w")
        self._process = subprocess.Popen(
            command, env=self._environment, stdout=subprocess.PIPE, stderr=log, text=True
        )
        self.run = self._wait_until_ready()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.send_signal(signal.SIGTERM)
        self._process.wait(30)

    def stats(self) -> dict[str, Any]:
        answer: dict[str, Any] = httpx.get(f"http://{self.run['api']}/api/v1/stats", timeout=30).json()
        return answer

    def wait_until_stored(self, spans: int, timeout_s: float) -> float:
        """Return the moment at which that many spans were in the store."""
        deadline = time.monotonic() + timeout_s
        while self.stats()["spans"]["stored"] < spans:
            if time.monotonic() > deadline:
                raise TimeoutError(f"{self.stats()['spans']} after {timeout_s} s, {spans} expected")
            time.sleep(0.05)
        return time.monotonic()

    def children(self) -> dict[str, psutil.Process]:
        return {name: psutil.Process(self.run["pids"][name]) for name in ("receiver", "core")}

    def _wait_until_ready(self) -> dict[str, Any]:
        deadline = time.monotonic() + READY_S_MAX
        while time.monotonic() < deadline and self._process.poll() is None:
            try:
                run: dict[str, Any] = json.loads((self._folder / "run.json").read_text())
                urls = [f"http://{run[name]}/readyz" for name in ("api", "otlp_http")]
                if all(httpx.get(url, timeout=5).is_success for url in urls):
                    return run
            except (OSError, ValueError, KeyError, httpx.HTTPError):
                time.sleep(0.1)
        raise TimeoutError("the service did not become ready")


class Meter:
    """CPU seconds and peak memory of the children while a block runs."""

    def __init__(self, service: Service) -> None:
        self._children = service.children()
        self._peak = dict.fromkeys(self._children, 0)
        self._stopping = threading.Event()

    def __enter__(self) -> Self:
        self._before = {name: _cpu_s(child) for name, child in self._children.items()}
        self._thread = threading.Thread(target=self._watch)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopping.set()
        self._thread.join()
        self.cpu_s = {name: _cpu_s(child) - self._before[name] for name, child in self._children.items()}
        self.peak_mb = {name: round(peak / 1e6) for name, peak in self._peak.items()}

    def _watch(self) -> None:
        while not self._stopping.wait(0.1):
            for name, child in self._children.items():
                self._peak[name] = max(self._peak[name], child.memory_info().rss)


def _cpu_s(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system)
