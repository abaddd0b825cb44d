"""The one way of a request, whichever transport and signal: bytes, what is kept, journal, answer."""

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from concurrent.futures import Executor, Future
from contextlib import suppress
from dataclasses import dataclass

from collector.errors import TransientError
from collector.journal.journal import Journal
from collector.otlp.bounds import check_bounds
from collector.otlp.data_points import count_data_points, count_json_data_points
from collector.otlp.decode import Decoded, NeedsMending, decode
from collector.otlp.json_request import Reading, from_json
from collector.otlp.response import Encoding, PartialSuccess
from collector.otlp.screen import screen
from collector.otlp.signal import Signal
from collector.otlp.sort_logs import sort_logs
from collector.receiver.acknowledgements import Acknowledgements
from collector.receiver.admission import Grant
from collector.receiver.counters import Counters, Origin
from collector.receiver.limits import Limits

# Larger bodies are decoded by another thread, so that small ones do not wait for them. JSON
# takes thirty times as long. The protobuf of 512 ordinary spans is 0.4 MB and 0.5 ms.
_INLINE_BYTES_MAX: Mapping[Encoding, int] = {"protobuf": 512 * 1024, "json": 32 * 1024}


@dataclass(frozen=True)
class _Taken:
    """A request after decoding; `stored` has a future for each signal of which something is to be stored."""

    spans: int
    rejected: Mapping[str, int]
    repaired_strings: int
    stored: Sequence[Future[None]]
    log_records: int = 0
    dropped: int = 0


class Export:
    """Receives requests: what it returns from is on disk.

    Parameters
    ----------
    threads
        Where large bodies are decoded.
    """

    def __init__(self, journal: Journal, limits: Limits, counters: Counters, threads: Executor) -> None:
        self._journal = journal
        self._limits = limits
        self._counters = counters
        self._acknowledgements = Acknowledgements()
        self.threads = threads

    async def receive(
        self, body: bytes, origin: Origin, grant: Grant, signal: Signal = Signal.TRACES
    ) -> PartialSuccess | None:
        """Store the spans of a request, or of logs what belongs to spans; metrics are counted.

        Parameters
        ----------
        grant
            Says whose they are.

        Returns
        -------
        What was refused of it or repaired; None when nothing was.

        Raises
        ------
        PermanentError
            The request is wrong.
        TransientError
            It cannot be stored now.
        """
        grant.charge(len(body))
        taken = await self._take(body, origin.encoding, signal, grant.project)
        grant.charge(0, taken.spans + taken.log_records)
        await self._wait(taken, origin, grant.project)
        self._count(str(origin), grant.project, signal, taken)
        return PartialSuccess.of(taken.rejected, taken.repaired_strings, signal)

    def _count(self, origin: str, project: str, signal: Signal, taken: _Taken) -> None:
        if signal is Signal.TRACES:
            self._counters.accept(origin, project, taken.spans, taken.rejected, taken.repaired_strings)
        else:
            self._counters.accept(origin, project, taken.spans, {}, taken.repaired_strings)
            self._counters.accept_others(
                origin, project, signal, taken.log_records, taken.rejected, taken.dropped
            )

    async def _wait(self, taken: _Taken, origin: Origin, project: str) -> None:
        try:
            for stored in taken.stored:
                await self._acknowledgements.wait(stored)
        except TransientError:
            self._counters.fail(str(origin), project, taken.spans, taken.log_records)
            raise

    async def _take(self, body: bytes, encoding: Encoding, signal: Signal, project: str) -> _Taken:
        take = {Signal.TRACES: self._traces, Signal.LOGS: self._logs, Signal.METRICS: self._metrics}[signal]
        # a conversation in a log is written anew, and data points are counted in Python: as slow as JSON
        pace = encoding if signal is Signal.TRACES else "json"
        if len(body) <= _INLINE_BYTES_MAX[pace]:
            with suppress(NeedsMending):
                return take(body, encoding, project, mend=False)
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self.threads, take, body, encoding, project)

    def _traces(self, body: bytes, encoding: Encoding, project: str, *, mend: bool = True) -> _Taken:
        decoded = self._decode(body, encoding, Signal.TRACES, mend=mend)
        screened = screen(decoded.request, self._limits.spans_per_request_max)
        if screened.changed:
            decoded.body = decoded.request.SerializePartialToString()
        stored = self._append(decoded.body, screened.spans, project, Signal.TRACES)
        return _Taken(screened.spans, screened.rejected, decoded.repaired_strings, stored)

    def _logs(self, body: bytes, encoding: Encoding, project: str, *, mend: bool = True) -> _Taken:
        decoded = self._decode(body, encoding, Signal.LOGS, mend=mend)
        found = sort_logs(decoded.request, self._reading())
        reports = screen(found.reports, self._limits.spans_per_request_max)
        stored = [
            *self._append(found.reports.SerializePartialToString(), reports.spans, project, Signal.TRACES),
            *self._append(found.logs.SerializePartialToString(), found.kept, project, Signal.LOGS),
        ]
        rejected = Counter(found.rejected) + reports.rejected
        return _Taken(reports.spans, rejected, decoded.repaired_strings, stored, found.kept, found.dropped)

    def _metrics(self, body: bytes, encoding: Encoding, project: str, *, mend: bool = True) -> _Taken:
        del mend, project  # what is dropped belongs to nobody, and is not read closely enough to be mended
        count = count_json_data_points if encoding == "json" else count_data_points
        points = count(body, self._limits.elements_per_request_max)
        return _Taken(0, {}, 0, (), dropped=points)

    def _append(self, body: bytes, items: int, project: str, signal: Signal) -> Sequence[Future[None]]:
        """A refusal becomes a future too: the spans it was about are counted where all are."""
        if not items:
            return ()
        try:
            return (self._journal.append(body, items, project, signal),)
        except TransientError as error:
            refused: Future[None] = Future()
            refused.set_exception(error)
            return (refused,)

    def _decode(self, body: bytes, encoding: Encoding, signal: Signal, *, mend: bool) -> Decoded:
        reading = self._reading()
        if encoding == "json":
            decoded = decode(from_json(body, reading, signal).SerializeToString(), signal)
            decoded.repaired_strings = reading.repaired_strings
            return decoded
        check_bounds(body, reading.items_left, reading.elements_left, signal)
        return decode(body, signal, mend=mend)

    def _reading(self) -> Reading:
        return Reading(self._limits.spans_per_request_max, self._limits.elements_per_request_max)
