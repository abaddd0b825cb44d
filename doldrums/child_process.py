"""A child process as the supervisor sees it."""

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import Sequence

import structlog

from doldrums.settings import ENVIRONMENT_PREFIX

log = structlog.get_logger(__name__)
STDERR = 2
# The settings come by standard input, and what the OpenTelemetry SDK reads is meant for the user's agents.
_NOT_HANDED_ON = (ENVIRONMENT_PREFIX, "OTEL_")
_OF_CHILDREN = {
    # gRPC would write a line for every stranger who calls at its port and speaks no TLS
    "GRPC_VERBOSITY": "ERROR",
    # What Arrow and glibc would keep of large blocks: 400 MB of the core while a backlog drains.
    "ARROW_DEFAULT_MEMORY_POOL": "system",
    "MALLOC_ARENA_MAX": "2",
    "MALLOC_MMAP_THRESHOLD_": "1048576",
}
# A folder called `analytics` where the user stands is not to be imported for ours.
ISOLATED = ("-P",)


class ChildProcess:
    """One part of the service in a process of its own, over all its lives.

    Parameters
    ----------
    name
        Its name in logs and in run.json.
    health_url
        Answers 200 when the part is up; a part without one is a client of the others.
    stop_s_max
        Seconds from SIGTERM to SIGKILL.
    command
        What to start instead of the part of that name.
    """

    def __init__(
        self, name: str, health_url: str | None, stop_s_max: float, command: Sequence[str] = ()
    ) -> None:
        self.name = name
        self.health_url = health_url
        self._stop_s_max = stop_s_max
        self._command = command or (sys.executable, *ISOLATED, "-m", "doldrums.child", name)
        self._process: asyncio.subprocess.Process | None = None

    @property
    def pid(self) -> int | None:
        """The process id while it runs."""
        running = self._process and self._process.returncode is None
        return self._process.pid if self._process and running else None

    async def start(self, settings_json: bytes, lock: int) -> None:
        """Start the process and give it its settings."""
        self._process = await asyncio.create_subprocess_exec(
            *self._command,
            stdin=asyncio.subprocess.PIPE,
            # standard output is the supervisor's own: it prints where everything is
            stdout=STDERR,
            # a group of its own, so that Ctrl-C reaches the supervisor alone
            process_group=0,
            pass_fds=(lock,),
            env=_environment(),
        )
        if self._process.stdin:
            self._process.stdin.write(settings_json + b"\n")

    async def ended(self) -> int:
        """Wait for the process to end, and return its exit code."""
        return await self._process.wait() if self._process else 0

    async def stop(self) -> None:
        """Let the process finish its work; kill it when it takes too long."""
        if self._process is None or self.pid is None:
            return
        with contextlib.suppress(ProcessLookupError):
            self._process.terminate()
        try:
            await asyncio.wait_for(self._process.wait(), self._stop_s_max)
        except TimeoutError:
            log.warning("child_killed", child=self.name, waited_s=self._stop_s_max)
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            await self._process.wait()


def _environment() -> dict[str, str]:
    """Return ours without what is not handed on."""
    kept = {name: text for name, text in os.environ.items() if not name.startswith(_NOT_HANDED_ON)}
    return {**_OF_CHILDREN, **kept}
