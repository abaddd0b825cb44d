"""The dashboard as the supervisor starts it: a process of its own on a port that was chosen before."""

import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager

import httpx

from tests.loopback import http

START_S_MAX = 60
RUN = "import sys; from dashboard.server import run; run('127.0.0.1', int(sys.argv[1]), sys.argv[2])"


class DashboardProcess:
    """A dashboard for the API at `api_url`, healthy when this returns."""

    def __init__(self, api_url: str) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{port}"
        self._printed = tempfile.TemporaryFile("w+")  # noqa: SIM115 - a pipe would fill; closed once read
        self._process = subprocess.Popen(
            [sys.executable, "-c", RUN, str(port), api_url], stdout=self._printed, stderr=subprocess.STDOUT
        )
        self._wait_until_healthy()

    def stop(self) -> tuple[int, str]:
        """Send SIGTERM; return the exit code and all that was printed."""
        self._process.send_signal(signal.SIGTERM)
        code = self._process.wait(timeout=60)
        return code, self._said()

    def _said(self) -> str:
        with self._printed:
            self._printed.seek(0)
            return self._printed.read()

    def _wait_until_healthy(self) -> None:
        deadline_s = time.monotonic() + START_S_MAX
        while time.monotonic() < deadline_s and self._process.poll() is None:
            try:
                if http.get(f"{self.url}/healthz").is_success:
                    return
            except httpx.TransportError:
                time.sleep(0.05)
        self._process.kill()
        self._process.wait()
        raise AssertionError(self._said())


@contextmanager
def dashboard_for(api_url: str) -> Iterator[DashboardProcess]:
    """Yield a running dashboard, and stop it."""
    process = DashboardProcess(api_url)
    try:
        yield process
    finally:
        process.stop()
