"""The one way of a request, whichever transport it came by: bytes, spans, journal, answer."""

import asyncio
from collections.abc import Mapping
from concurrent.futures import Executor, Future
from contextlib import suppress
from dataclasses import dataclass

import structlog

from collector.errors import CollectorError, TransientError
from collector.journal.journal import Journal
from collector.otlp.bounds import check_bounds
from collector.otlp.decode import Decoded, NeedsMending, decode
from collector.otlp.json_request import Reading, from_json
from collector.otlp.response import Encoding, PartialSuccess
from collector.otlp.screen import screen
from collector.receiver.admission import Grant
from collector.receiver.counters import Counters, Origin
from collector.receiver.limits import Limits

log = structlog.get_logger()

# Larger bodies are decoded by another thread, so that small ones do not wait for them. JSON
# takes thirty times as long. The protobuf of 512 ordinary spans is 0.4 MB and 0.5 ms.
_INLINE_BYTES_MAX: Mapping[Encoding, int] = {"protobuf": 512 * 1024, "json": 32 * 1024}


@dataclass(frozen=True)
class _Taken:
    """A request after decoding; `stored` is None where no span is left to store."""

    spans: int
    rejected: Mapping[str, int]
    repaired_strings: int
    stored: Future[None] | None


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
        self.threads = threads

    async def receive(self, body: bytes, origin: Origin, grant: Grant) -> PartialSuccess | None:
        """Store the spans of an ExportTraceServiceRequest.

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
        try:
            grant.charge(len(body))
            taken = await self._take(body, origin.encoding, grant.project)
            grant.charge(0, taken.spans)
            await self._wait(taken, origin, grant.project)
        except CollectorError:
            raise
        except Exception as error:
            # a client drops what it is told is wrong, and this may be our fault: let it try again
            log.exception("request_failed", origin=str(origin))
            raise TransientError("the request could not be handled") from error
        self._counters.accept(str(origin), grant.project, taken.spans, taken.rejected, taken.repaired_strings)
        return PartialSuccess.of(taken.rejected, taken.repaired_strings)

    async def _wait(self, taken: _Taken, origin: Origin, project: str) -> None:
        if taken.stored is not None:
            try:
                await asyncio.wrap_future(taken.stored)
            except TransientError:
                self._counters.fail_spans(str(origin), project, taken.spans)
                raise

    async def _take(self, body: bytes, encoding: Encoding, project: str) -> _Taken:
        if len(body) <= _INLINE_BYTES_MAX[encoding]:
            with suppress(NeedsMending):
                return self._decode_and_append(body, encoding, project, mend=False)
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self.threads, self._decode_and_append, body, encoding, project)

    def _decode_and_append(
        self, body: bytes, encoding: Encoding, project: str, *, mend: bool = True
    ) -> _Taken:
        decoded = self._decode(body, encoding, mend=mend)
        screened = screen(decoded.request, self._limits.spans_per_request_max)
        if screened.changed:
            decoded.body = decoded.request.SerializePartialToString()
        stored = None
        if screened.spans:
            stored = self._append(decoded.body, screened.spans, project)
        return _Taken(screened.spans, screened.rejected, decoded.repaired_strings, stored)

    def _append(self, body: bytes, spans: int, project: str) -> Future[None]:
        """A refusal becomes a future too: the spans it was about are counted where all are."""
        try:
            return self._journal.append(body, spans, project)
        except TransientError as error:
            refused: Future[None] = Future()
            refused.set_exception(error)
            return refused

    def _decode(self, body: bytes, encoding: Encoding, *, mend: bool) -> Decoded:
        spans_max, elements_max = self._limits.spans_per_request_max, self._limits.elements_per_request_max
        if encoding == "json":
            reading = Reading(spans_max, elements_max)
            decoded = decode(from_json(body, reading).SerializeToString())
            decoded.repaired_strings = reading.repaired_strings
            return decoded
        check_bounds(body, spans_max, elements_max)
        return decode(body, mend=mend)
