"""Traces too large to be read whole whenever something arrives in them."""

import time
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import accumulate
from operator import itemgetter

# Traces that are known to be large; one that is forgotten is read whole once more.
KNOWN_MAX = 1_000
# Turns take this share of the time at most, and never longer to come than a restart looks back.
_SHARE = 0.1
_REST_S_MAX = 600.0


class LargeTraces:
    """Which large traces wait to be assembled, since when, and whose turn it is.

    A trace is known by its place, its id and its project in one text (`Selection`).

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
        # in the order of turns
        self._waiting: dict[str, int] = {}
        self._failed: set[str] = set()
        self._due_s = 0.0

    @property
    def known(self) -> list[str]:
        """Places of the traces that are put aside when they are touched."""
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
        for trace_id, at_ns in sorted(received_ns.items(), key=itemgetter(1)):
            self._waiting[trace_id] = min(at_ns, self._waiting.get(trace_id, at_ns))

    def turn(self) -> list[str]:
        """Return the traces whose turn it is, those that wait longest first; none while turns rest."""
        return list(self._fitting()) if self._monotonic() >= self._due_s else []

    def done(self, trace_ids: Iterable[str]) -> None:
        """Let no longer wait what was assembled."""
        for trace_id in trace_ids:
            del self._waiting[trace_id]
            self._failed.discard(trace_id)

    def failed(self, trace_ids: Iterable[str]) -> None:
        """Put what could not be assembled behind the others; each has a turn of its own then."""
        for trace_id in trace_ids:
            self._waiting[trace_id] = self._waiting.pop(trace_id)
            self._failed.add(trace_id)

    def rest(self, elapsed_s: float) -> None:
        """Put off the next turn after one that took `elapsed_s`, whatever came of it."""
        self._due_s = self._monotonic() + min(elapsed_s / _SHARE, _REST_S_MAX)

    def _fitting(self) -> Iterator[str]:
        sizes = accumulate(map(self._share_of_turn, self._waiting))
        for number, (trace_id, size) in enumerate(zip(self._waiting, sizes, strict=True)):
            if number and size > self._rows_max:
                return
            yield trace_id

    def _share_of_turn(self, trace_id: str) -> int:
        return self._rows_max if trace_id in self._failed else self._spans.get(trace_id, self._spans_min)
