"""A store into which spans and log records are loaded as the service does it, and read as the API does."""

import time
from pathlib import Path

from google.protobuf.message import Message
from opentelemetry.proto.logs.v1.logs_pb2 import LogRecord
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from analytics.api.models import SpanDetail
from analytics.assembly.assembler import Assembler
from analytics.traces.reader import TraceReader
from collector.journal.segment import Folders
from collector.otlp.json_request import Reading
from collector.otlp.signal import Signal
from collector.otlp.sort_logs import sort_logs
from collector.store.store import Store
from tests.builders import request
from tests.log_builders import logs_request
from tests.segments import loader_of, seal


class LogDesk:
    """One service's way in and out."""

    def __init__(self, store: Store, folder: Path) -> None:
        self.store = store
        self.assembler = Assembler(store)
        self._folders = Folders(folder)
        self._folders.create()
        self._loader = loader_of(store, self._folders)

    def spans(self, *spans: Span, at_ns: int | None = None, project: str = "default") -> None:
        self.load(request(*spans), Signal.TRACES, at_ns, project)

    def logs(self, *records: LogRecord, at_ns: int | None = None, project: str = "default") -> None:
        """Load what the receiver would keep of some records, and what they report of spans."""
        found = sort_logs(logs_request(*records), Reading(items_left=100_000, elements_left=1_000_000))
        if found.reports.resource_spans:
            self.load(found.reports, Signal.TRACES, at_ns, project)
        if found.kept:
            self.load(found.logs, Signal.LOGS, at_ns, project)

    def load(
        self, message: Message, signal: Signal, at_ns: int | None = None, project: str = "default"
    ) -> None:
        received = time.time_ns() if at_ns is None else at_ns
        body = message.SerializeToString()
        self._loader.load([seal(self._folders, [body], received, project, signal)])

    def detail(self, span: Span, project: str = "default") -> SpanDetail:
        """Return everything of a span once all that was loaded is assembled."""
        while self.assembler.run_once():
            pass
        found = TraceReader(self.store, project).span(span.trace_id.hex(), span.span_id.hex())
        assert found is not None
        return found
