"""uvicorn, told when to start and stop by us."""

import asyncio
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import uvicorn

# Exporters send every few seconds over one connection; a server that closes it in between
# makes them fail and retry.
_KEEP_ALIVE_S = 75


class HttpServer:
    """Serves an ASGI application on a listening socket."""

    def __init__(self, application: Any, listener: socket.socket, grace_s: int) -> None:
        config = uvicorn.Config(
            application,
            http="httptools",
            ws="none",
            lifespan="off",
            log_config=None,
            access_log=False,
            proxy_headers=False,
            server_header=False,
            date_header=False,
            timeout_keep_alive=_KEEP_ALIVE_S,
            timeout_graceful_shutdown=grace_s,
        )
        self._server = _QuietServer(config)
        self._listener = listener

    def start(self) -> None:
        """Serve in the running loop."""
        self._serving = asyncio.create_task(self._server.serve(sockets=[self._listener]))

    async def stop(self) -> None:
        """Take no more connections, and let what is under way finish."""
        self._server.should_exit = True
        await self._serving


class _QuietServer(uvicorn.Server):
    """Leaves signals to the process."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield
