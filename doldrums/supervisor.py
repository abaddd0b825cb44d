"""Starts the parts of the service, restarts what dies, and stops them in order."""

import asyncio
import signal
import time
from collections.abc import Callable, Mapping, Sequence

import httpx
import structlog

from doldrums.child_process import ChildProcess
from doldrums.restart_delay import RestartDelay
from doldrums.run_file import RunFile

log = structlog.get_logger(__name__)

REFUSED = 2
DIED = 1
LOOK_EVERY_S = 0.1
PUBLISH_AGAIN_S = 5.0
SAY_EVERY_S = 15.0


class Supervisor:
    """Runs children until it is told to stop.

    Parameters
    ----------
    stages
        Children that are stopped together, in the order in which that is done.
    settings_json
        What each child is told.
    lock
        Descriptor of the data folder's lock, which every child holds too.
    run_file
        Kept true from when the service is ready until it has stopped.
    addresses
        What run.json says beside the process ids.
    on_ready, on_stop
        Called once each: when every part answers, and when the parts are about to be stopped.
    """

    def __init__(
        self,
        *,
        stages: Sequence[Sequence[ChildProcess]],
        settings_json: bytes,
        lock: int,
        run_file: RunFile,
        addresses: Mapping[str, str],
        on_ready: Callable[[], None],
        on_stop: Callable[[], None],
    ) -> None:
        self._stages = stages
        self._children = [child for stage in stages for child in stage]
        self._settings_json = settings_json
        self._lock = lock
        self._run_file = run_file
        self._addresses = addresses
        self._on_ready = on_ready
        self._on_stop = on_stop
        self._opened = asyncio.Event()
        self._ending = asyncio.Event()
        self._refused = False

    async def run(self) -> int:
        """Run until SIGINT or SIGTERM, or until a child refuses to start; return the exit code."""
        for name in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(name, self._ending.set)
        try:
            async with asyncio.TaskGroup() as group:
                tasks = [group.create_task(self._keep(child)) for child in self._children]
                tasks.append(group.create_task(self._open()))
                await self._ending.wait()
                for task in tasks:
                    task.cancel()
        finally:
            if not self._refused:
                self._on_stop()
            for stage in self._stages:
                await asyncio.gather(*(child.stop() for child in stage))
            self._run_file.remove()
        return REFUSED if self._refused else 0

    async def _open(self) -> None:
        """Wait until every service is ready, then say so and let the clients start."""
        # whose certificate that is does not matter to whether it answers
        async with httpx.AsyncClient(trust_env=False, timeout=5, verify=False) as http:  # noqa: S501
            services = [child for child in self._children if child.health_url]
            await asyncio.gather(*(_until_ready(http, child) for child in services))
        self._opened.set()
        self._publish()
        self._on_ready()

    async def _keep(self, child: ChildProcess) -> None:
        """Start a child again whenever it dies; a first start that is refused ends the service."""
        if not child.health_url:
            await self._opened.wait()
        delay = RestartDelay()
        while True:
            born = time.monotonic()
            code = await self._live(child)
            if code == REFUSED and not self._opened.is_set():
                self._refused = True
                self._ending.set()
                return
            lived_s = time.monotonic() - born
            wait_s = delay.after(lived_s)
            log.warning(
                "child_died", child=child.name, code=code, lived_s=round(lived_s, 1), restart_in_s=wait_s
            )
            await asyncio.sleep(wait_s)

    async def _live(self, child: ChildProcess) -> int:
        """Run a child from its start to its death, and return its exit code."""
        try:
            await child.start(self._settings_json, self._lock)
        except OSError as error:
            # no memory or no process to be had: that passes, and the others go on
            log.warning("child_not_started", child=child.name, reason=error.strerror)
            return DIED
        self._publish()
        return await child.ended()

    def _publish(self) -> None:
        if self._opened.is_set():
            pids = {child.name: child.pid for child in self._children if child.pid}
            try:
                self._run_file.write(self._addresses, pids)
            except OSError as error:
                action = f"will try again in {PUBLISH_AGAIN_S:g} s"
                log.warning("run_file_not_written", reason=error.strerror, action=action)
                asyncio.get_running_loop().call_later(PUBLISH_AGAIN_S, self._publish)


async def _until_ready(http: httpx.AsyncClient, child: ChildProcess) -> None:
    began = said = time.monotonic()
    while not await is_ready(http, str(child.health_url)):
        if time.monotonic() - said > SAY_EVERY_S:
            said = time.monotonic()
            log.warning("still_starting", child=child.name, waited_s=round(said - began))
        await asyncio.sleep(LOOK_EVERY_S)


async def is_ready(http: httpx.AsyncClient, url: str) -> bool:
    """Tell whether a part answers at its health URL."""
    try:
        return (await http.get(url)).is_success
    except (httpx.ReadError, httpx.RemoteProtocolError):
        # who hangs up after the handshake wants a certificate of ours, and is there
        return url.startswith("https:")
    except httpx.HTTPError:
        return False
