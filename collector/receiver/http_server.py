"""uvicorn, told when to start and stop by us, with bounds on connections and their time."""

import asyncio
import resource
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import uvicorn

from collector.receiver.http_connection import HttpConnection
from collector.receiver.http_crowd import Crowd
from collector.receiver.tls import Tls
from collector.receiver.transport import Transport

# of the process that are no connections
_FILES = 512


class HttpServer:
    """Serves an ASGI application on a listening socket."""

    def __init__(
        self, application: Any, listener: socket.socket, transport: Transport, tls: Tls | None, grace_s: int
    ) -> None:
        _allow_open_files(transport.connections_max)
        config = uvicorn.Config(
            application,
            ws="none",
            lifespan="off",
            log_config=None,
            access_log=False,
            proxy_headers=False,
            server_header=False,
            date_header=False,
            timeout_keep_alive=transport.idle_s_max,
            timeout_graceful_shutdown=grace_s,
        )
        self._server = _Server(config, transport, tls)
        self._listener = listener

    def start(self) -> None:
        """Serve in the running loop."""
        self._serving = asyncio.create_task(self._server.serve(sockets=[self._listener]))

    async def stop(self) -> None:
        """Take no more connections, and let what is under way finish."""
        self._server.should_exit = True
        await self._serving


class _Server(uvicorn.Server):
    """Leaves signals to the process, and connections to `Crowd`."""

    def __init__(self, config: uvicorn.Config, transport: Transport, tls: Tls | None) -> None:
        super().__init__(config)
        self._crowd = Crowd(transport.connections_max, transport.request_s_max, transport.idle_s_max)
        self._ssl: dict[str, Any] = {}
        if tls is not None:
            self._ssl = {"ssl": tls.context, "ssl_handshake_timeout": transport.request_s_max}

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Listen: uvicorn's own knows no bound for a handshake."""
        loop = asyncio.get_running_loop()
        self.servers = [
            await loop.create_server(
                self._connection, sock=listener, backlog=self.config.backlog, **self._ssl
            )
            for listener in sockets or []
        ]
        self.started = True

    async def on_tick(self, counter: int) -> bool:
        """Look at the connections too, ten times a second."""
        self._crowd.sweep()
        return await super().on_tick(counter)

    def _connection(self) -> HttpConnection:
        return HttpConnection(self._crowd, self.config, self.server_state, {})

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def _allow_open_files(connections_max: int) -> None:
    """Raise the soft limit, often 1,024, as far as this process may: gRPC has connections too."""
    wanted = 2 * connections_max + _FILES
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        allowed = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (allowed, hard))
