"""OpenSpans: the spans that have started and not ended, in this process."""

import threading
import time
import weakref
from collections.abc import Sequence
from dataclasses import dataclass, field

from opentelemetry.sdk.trace import ReadableSpan, Span

# Where instrumentation says how many tokens came so far: OpenTelemetry, OpenInference, Traceloop.
_TOKENS_SO_FAR = (
    "gen_ai.usage.output_tokens",
    "llm.token_count.completion",
    "gen_ai.usage.completion_tokens",
)


@dataclass(slots=True, eq=False)
class OpenSpan:
    """One open span, and what was reported of it.

    Parameters
    ----------
    span
        Held weakly: a span that the application dropped can never end, and must neither be
        kept in memory nor be called open for ever.
    started_s
        Monotonic time, in seconds.
    due_s
        Monotonic time of the next report, in seconds; None until the first look has told what
        kind of span it is.
    settled
        What descendants that have ended add to the progress.
    beats
        Reports made so far.
    """

    span: "weakref.ref[Span]"
    span_id: int
    parent_id: int | None
    started_s: float
    due_s: float | None = None
    settled: int = 0
    beats: int = 0


@dataclass(slots=True)
class OpenSpans:
    """Remembers at most `limit` open spans; what starts beyond that is counted and not watched.

    Parameters
    ----------
    limit
        Number of open spans watched at once.
    """

    limit: int
    unwatched: int = 0
    abandoned: int = 0
    _by_id: dict[int, OpenSpan] = field(default_factory=dict)
    # Reentrant, since a finaliser or a signal handler that runs inside may start or end a span.
    _lock: threading.RLock = field(default_factory=threading.RLock)

    def __len__(self) -> int:
        return len(self._by_id)

    def add(self, span: Span) -> None:
        """Watch `span` from now on."""
        context, parent = span.context, span.parent
        if context is None or not context.trace_flags.sampled:
            return
        parent_id = parent.span_id if parent else None
        entry = OpenSpan(weakref.ref(span), context.span_id, parent_id, time.monotonic())
        with self._lock:
            if len(self._by_id) < self.limit:
                self._by_id[entry.span_id] = entry
            else:
                self.unwatched += 1

    def remove(self, span: ReadableSpan) -> None:
        """Forget `span`, which has ended, and credit its parent with what happened in it."""
        context = span.context
        if context is None:
            return
        with self._lock:
            entry = self._by_id.pop(context.span_id, None)
            if entry and (parent := self._by_id.get(entry.parent_id or 0)):
                parent.settled += entry.settled + _happened(span) + 2  # 2: it started, it ended

    def abandon(self, entry: OpenSpan) -> None:
        """Forget a span that nobody holds any more."""
        with self._lock:
            if self._by_id.pop(entry.span_id, None):
                self.abandoned += 1

    def entries(self) -> Sequence[OpenSpan]:
        """Return all that are open, those that started first in front."""
        with self._lock:
            return list(self._by_id.values())

    def progress(self) -> dict[int, int]:
        """Return how far each open span has come, by span id.

        That is the number of things that have happened in it and below it, in this process:
        events added, tokens streamed, descendants started, descendants ended. It never falls while
        those counts of tokens do not, and a span that merely waits does not move it.
        """
        so_far: dict[int, int] = {}
        # A parent starts before its children, so from the youngest up every child comes first.
        for entry in reversed(self.entries()):
            span = entry.span()
            own = entry.settled + (_happened(span) if span else 0) + so_far.get(entry.span_id, 0)
            so_far[entry.span_id] = own
            if entry.parent_id is not None:
                so_far[entry.parent_id] = so_far.get(entry.parent_id, 0) + own + 1
        return so_far


def _happened(span: ReadableSpan) -> int:
    said = span.attributes or {}
    tokens = next((said[key] for key in _TOKENS_SO_FAR if key in said), 0)
    return len(span.events) + span.dropped_events + (tokens if isinstance(tokens, int) else 0)
