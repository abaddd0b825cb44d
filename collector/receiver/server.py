"""The receiver: both transports, the journal behind them, and how they start and stop."""

import asyncio
import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import structlog
import uvloop

from collector.errors import JournalFailed
from collector.exposition import Exposition
from collector.journal.journal import Journal
from collector.journal.segment import Folders
from collector.keys.key import anonymous
from collector.keys.keyring import Authority, Keyring
from collector.receiver.addresses import listen
from collector.receiver.admission import Admission
from collector.receiver.export import Export
from collector.receiver.http_cors import with_cors
from collector.receiver.http_paths import signals_by_path
from collector.receiver.http_server import HttpServer
from collector.receiver.in_flight import InFlight
from collector.receiver.limits import Limits
from collector.receiver.metrics import ReceiverMetrics
from collector.receiver.otlp_grpc import OtlpGrpc
from collector.receiver.otlp_http import Info, OtlpHttp
from collector.receiver.publisher import Publisher
from collector.receiver.tls import Tls
from collector.receiver.transport import Transport

log = structlog.get_logger()

_PUBLISH_EVERY_S = 1.0
_LOOK_EVERY_S = 0.1
# What is under way has this long to finish; with the journal's last write it stays below the 3 s
# that the supervisor grants.
_GRACE_S = 1
_DECODING_THREADS = 2


class Receiver:
    """Takes OTLP and writes it to the journal.

    Parameters
    ----------
    http_address, grpc_address
        `host:port`; port 0 picks a free one.
    folders
        Created when missing.
    keys
        Says who may send and whose spans they are; without it everybody, for the default project.
    dashboard_url
        Told to Logfire's SDK, which shows it.
    metrics_token
        See `Exposition`.

    Attributes
    ----------
    started
        Set once both addresses are served; `http_port` and `grpc_port` are known then.
    """

    def __init__(
        self,
        http_address: str,
        grpc_address: str,
        folders: Folders,
        limits: Limits | None = None,
        keys: Authority | None = None,
        transport: Transport | None = None,
        dashboard_url: str = "",
        metrics_token: str | None = None,
    ) -> None:
        self._http_address = http_address
        self._grpc_address = grpc_address
        self._folders = folders
        self._limits = limits or Limits()
        self._keys = keys or Keyring((), anonymous())
        self._transport = transport or Transport()
        self._info = Info(dashboard_url)
        self._metrics_token = metrics_token
        self._stopping = threading.Event()
        self.started = threading.Event()
        self.http_port = 0
        self.grpc_port = 0

    def run(self) -> None:
        """Serve until `stop`, and stop within 5 s of it.

        Raises
        ------
        AddressUnavailable, TlsUnusable, JournalInUse, OSError
            It cannot start.
        JournalFailed
            The disk does not take what is written: only a new process may go on.
        """
        uvloop.run(self._run())

    def stop(self) -> None:
        """End `run`; from any thread, and from a signal's handler."""
        self._stopping.set()

    async def _run(self) -> None:
        tls = self._transport.tls()
        with listen(self._http_address) as listener:
            self.http_port = listener.getsockname()[1]
            journal = _open_journal(self._folders, self._limits)
            publisher = Publisher(self._folders, journal, lambda: self._problem(journal))
            try:
                await self._serve(listener, tls, journal, publisher)
            finally:
                await asyncio.to_thread(journal.close)
                await publisher.publish()
        if journal.failure is not None:
            raise JournalFailed(journal.failure)

    async def _serve(
        self, listener: socket.socket, tls: Tls | None, journal: Journal, publisher: Publisher
    ) -> None:
        in_flight = InFlight(self._limits.in_flight_bytes_max)
        body_bytes_max, counters = self._limits.body_bytes_max, publisher.counters
        with ThreadPoolExecutor(_DECODING_THREADS, "decoding") as threads:
            export = Export(journal, self._limits, counters, threads)
            admission = Admission(self._keys, counters)
            grpc = OtlpGrpc(export, admission, counters, in_flight, body_bytes_max, self._transport, tls)
            exposition = Exposition(ReceiverMetrics(publisher, journal, in_flight), self._metrics_token)
            application = OtlpHttp(
                export,
                admission,
                counters,
                in_flight,
                body_bytes_max,
                self._transport.request_s_max,
                signals_by_path(self._transport.path_prefixes),
                self._info,
                lambda: self._problem(journal),
                exposition,
            )
            application = with_cors(application, self._transport.cors_allowed_origins)
            self.grpc_port = await grpc.start(self._grpc_address)
            http = HttpServer(application, listener, self._transport, tls, _GRACE_S)
            http.start()
            log.info("receiver_started", http_port=self.http_port, grpc_port=self.grpc_port)
            self.started.set()
            await self._until_stopped(journal, publisher)
            await asyncio.gather(http.stop(), grpc.stop(_GRACE_S))

    async def _until_stopped(self, journal: Journal, publisher: Publisher) -> None:
        publish_at_s = 0.0
        while not self._stopping.is_set() and journal.failure is None:
            if time.monotonic() >= publish_at_s:
                publish_at_s = time.monotonic() + _PUBLISH_EVERY_S
                await publisher.publish()
            await asyncio.sleep(_LOOK_EVERY_S)
        self._stopping.set()

    def _problem(self, journal: Journal) -> str | None:
        if journal.refusal is None and self._stopping.is_set():
            return "the receiver is stopping"
        return journal.refusal or self._keys.problem


def _open_journal(folders: Folders, limits: Limits) -> Journal:
    return Journal(
        folders,
        limits.segment_bytes_max,
        limits.segment_age_ms_max / 1000,
        journal_bytes_max=limits.journal_bytes_max,
        free_bytes_min=limits.free_bytes_min,
        free_ratio_min=limits.free_ratio_min,
    )
