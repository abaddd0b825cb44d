"""Traces too large to be read whole whenever something arrives in them."""

import time
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import accumulate

# Traces that are known to be large; one that is forgotten is read whole once more.
KNOWN_MAX = 1_000
# Turns take this share of the time at most, and never longer to come than a restart looks back.
_SHARE = 0.1
_REST_S_MAX = 600.0


class LargeTraces:
    """Which large traces wait to be assembled, since when, and whose turn it is.

    A pass over a trace costs its size, however little arrived in it. So what arrives in a large
    one puts it aside, and turns are taken so far apart that they use a tenth of the time in all.

    Parameters
    ----------
    spans_min
        Spans from which on a trace is large.
    rows_max
        Spans of one turn; a trace that has more has a turn of its own.
    monotonic
        A clock in seconds, for tests.

    Examples
    --------
    >>> large = LargeTraces(5_000, rows_max=200_000, monotonic=lambda: 0.0)
    >>> large.learn({"4bf9": 500_000, "00ff": 12})
    >>> large.put_aside({"4bf9": 1_700_000_000_000_000_000})
    >>> large.turn()
    ['4bf9']
    >>> large.done(["4bf9"])
    >>> large.rest(elapsed_s=4.0), large.turn()
    (None, [])
    """

    def __init__(
        self, spans_min: int, rows_max: int, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._spans_min = spans_min
        self._rows_max = rows_max
        self._monotonic = monotonic
        self._spans: OrderedDict[str, int] = OrderedDict()
        self._waiting: dict[str, int] = {}
        self._due_s = 0.0

    @property
    def known(self) -> list[str]:
        """Ids of the traces that are put aside when they are touched."""
        return list(self._spans)

    @property
    def waiting(self) -> Mapping[str, int]:
        """Traces that wait, and the Unix nanoseconds before which all that was received is assembled."""
        return dict(self._waiting)

    def learn(self, spans: Mapping[str, int]) -> None:
        """Take in how many spans some traces have."""
        for trace_id, count in spans.items():
            if count >= self._spans_min:
                self._spans[trace_id] = count
                self._spans.move_to_end(trace_id)
        while len(self._spans) > KNOWN_MAX:
            self._spans.popitem(last=False)

    def put_aside(self, received_ns: Mapping[str, int]) -> None:
        """Let traces wait; by trace, when the first of what arrived in it was received."""
        for trace_id, at_ns in received_ns.items():
            self._waiting[trace_id] = min(at_ns, self._waiting.get(trace_id, at_ns))

    def turn(self) -> list[str]:
        """Return the traces whose turn it is, those that wait longest first; none while turns rest."""
        return list(self._fitting(self._waiting)) if self._monotonic() >= self._due_s else []

    def done(self, trace_ids: Iterable[str]) -> None:
        """Let no longer wait what was assembled."""
        for trace_id in trace_ids:
            del self._waiting[trace_id]

    def rest(self, elapsed_s: float) -> None:
        """Put off the next turn after one that took `elapsed_s`, whatever came of it."""
        self._due_s = self._monotonic() + min(elapsed_s / _SHARE, _REST_S_MAX)

    def _fitting(self, trace_ids: Iterable[str]) -> Iterator[str]:
        oldest_first = sorted(trace_ids, key=lambda trace_id: self._waiting[trace_id])
        sizes = accumulate(self._spans.get(trace_id, self._spans_min) for trace_id in oldest_first)
        for number, (trace_id, size) in enumerate(zip(oldest_first, sizes, strict=True)):
            if number and size > self._rows_max:
                return
            yield trace_id
