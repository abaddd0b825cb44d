"""Reporter: the one thread that looks at the open spans and sends their snapshots."""

import logging
import queue
import threading
import time
from collections.abc import Mapping, Sequence
from concurrent import futures

from opentelemetry.context import _SUPPRESS_INSTRUMENTATION_KEY, attach, set_value
from opentelemetry.sdk.trace import ReadableSpan, Span
from opentelemetry.sdk.trace.export import SpanExporter, SpanExportResult

from doldrums_client.open_spans import OpenSpan, OpenSpans
from doldrums_client.rhythm import Rhythm
from doldrums_client.snapshot import snapshot

_log = logging.getLogger("doldrums_client")

# 64 spans of 128 attributes of 4,096 characters stay below the 64 MiB that a collector takes.
_BATCH_SPANS = 64
_PAUSE_FIRST_S = 1.0
_PAUSE_MAX_S = 60.0


class Reporter:
    """Sends snapshots of open spans when they are due, until it is stopped.

    Nothing is queued: a snapshot that could not be sent is counted, and the next one says what
    is true then. After a failure it pauses for 1 s, then twice as long each time, at most 60 s.

    Parameters
    ----------
    text_chars_max
        See `snapshot.snapshot`.
    """

    def __init__(self, spans: OpenSpans, exporter: SpanExporter, rhythm: Rhythm, text_chars_max: int) -> None:
        self.sent = 0
        self.dropped = 0
        self._spans = spans
        self._exporter = exporter
        self._rhythm = rhythm
        self._text_chars_max = text_chars_max
        self._pause_s = 0.0
        self._resume_s = 0.0
        self._stopped = threading.Event()
        self._asked: queue.SimpleQueue[futures.Future[bool] | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="doldrums-open-spans", daemon=True)
        self._thread.start()

    def stop(self, timeout_s: float) -> None:
        """End the thread; wait at most `timeout_s` for a request that is on its way."""
        self._stopped.set()
        self._asked.put(None)
        self._thread.join(timeout_s)

    def flush(self, timeout_s: float) -> bool:
        """Have what is due sent now; say whether all of it was delivered within `timeout_s`.

        The thread sends it, for no exporter can be told how long it may take, and goes on with
        what is late.
        """
        answer: futures.Future[bool] = futures.Future()
        self._asked.put(answer)
        if self._stopped.is_set():
            return False
        try:
            return answer.result(timeout_s)
        except futures.TimeoutError:
            return False

    def _run(self) -> None:
        # Whatever the exporter does must not be traced: it would report its own requests.
        attach(set_value(_SUPPRESS_INSTRUMENTATION_KEY, value=True))
        while not self._stopped.is_set():
            answer = self._next_asked()
            delivered = time.monotonic() >= self._resume_s and self._send(self._due())
            if answer:
                answer.set_result(delivered)
        while not self._asked.empty():
            if answer := self._asked.get():
                answer.set_result(False)

    def _next_asked(self) -> "futures.Future[bool] | None":
        try:
            return self._asked.get(timeout=self._rhythm.look_s)
        except queue.Empty:
            return None

    def _due(self) -> list[tuple[OpenSpan, Span]]:
        now_s = time.monotonic()
        due = []
        for entry in self._spans.entries():
            if entry.due_s is not None and entry.due_s > now_s:
                continue
            span = entry.span()
            if span is None:
                self._spans.abandon(entry)
            elif self._due_s(entry, span) <= now_s and span.end_time is None:
                due.append((entry, span))
        return due

    def _due_s(self, entry: OpenSpan, span: Span) -> float:
        if entry.due_s is None:
            entry.due_s = entry.started_s + self._rhythm.first_s(span)
        return entry.due_s

    def _send(self, due: Sequence[tuple[OpenSpan, Span]]) -> bool:
        progress = self._spans.progress() if due else {}
        for begin in range(0, len(due), _BATCH_SPANS):
            if self._stopped.is_set() or not self._deliver(due[begin : begin + _BATCH_SPANS], progress):
                return False
        return True

    def _deliver(self, batch: Sequence[tuple[OpenSpan, Span]], progress: Mapping[int, int]) -> bool:
        try:
            snapshots = [self._take(entry, span, progress) for entry, span in batch]
            delivered = self._exporter.export(snapshots) is SpanExportResult.SUCCESS
            reason = "the exporter reports a failure"
        except Exception as error:  # noqa: BLE001 - an exporter of any make must not end the thread
            delivered, reason = False, f"{type(error).__name__}: {error}"
        if delivered:
            self.sent += len(batch)
            self._pause_s = 0.0
        else:
            self.dropped += len(batch)
            self._back_off(reason)
        return delivered

    def _take(self, entry: OpenSpan, span: Span, progress: Mapping[int, int]) -> ReadableSpan:
        beat = entry.beats
        entry.beats += 1
        entry.due_s = time.monotonic() + self._rhythm.next_s(span)
        return snapshot(span, beat, progress.get(entry.span_id, 0), self._text_chars_max)

    def _back_off(self, reason: str) -> None:
        if self._pause_s == 0 and not self._stopped.is_set():
            _log.warning("open spans cannot be reported (%s); trying again, quietly", reason)
        self._pause_s = min(max(2 * self._pause_s, _PAUSE_FIRST_S), _PAUSE_MAX_S)
        self._resume_s = time.monotonic() + self._pause_s
