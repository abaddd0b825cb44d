"""What a collector gets to see of a table: reports of the spans that are open, and their ends, late."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from bench.detectors.philosophers import NOBODY, Episode, lacking

START = datetime(2026, 1, 5, 12, tzinfo=UTC)
# A table that stands still is looked at for as long; the service has 15 s to find it.
STILL_S = 15.0
_NO_TEXT = (
    *("agent_id", "tool", "session", "handoff_to", "waiting_on", "wait_reason", "wait_resource"),
    *("holds", "end_state", "error_type"),
)
_NO_NUMBER = ("wait_needed", "wait_timeout_s", "holds_capacity")
_EMPTY = dict.fromkeys(_NO_TEXT, "") | dict.fromkeys(_NO_NUMBER)


@dataclass(frozen=True)
class Reporting:
    """How spans are reported.

    Parameters
    ----------
    beat_s
        Seconds between two reports of an open span; 0 reports at the end of each step, and no oftener.
    first_s
        Seconds from a span's start to its first report.
    end_s_max
        Seconds after which an end has surely arrived: exporters collect before they send.
    """

    beat_s: float = 3.0
    first_s: float = 0.25
    end_s_max: float = 5.0


@dataclass(frozen=True)
class _Span:
    philosopher: int
    fork: int
    holds: bool
    start_s: float
    end_s: float
    end_seen_s: float


def timeline(episode: Episode) -> tuple[list[tuple[int, ...]], list[float]]:
    """Return states and ends of steps; what stands still in the end goes on standing still."""
    still_s = episode.ends_s[-1] / len(episode.ends_s)
    more = range(1, int(STILL_S / still_s) + 1 if episode.deadlock else 1)
    states = [*episode.states, *(episode.states[-1] for _ in more)]
    return states, [*episode.ends_s, *(episode.ends_s[-1] + still_s * step for step in more)]


class Reports:
    """Rows of `deadlock.sql` as they would be read at some time."""

    def __init__(self, episode: Episode, reporting: Reporting, seed: int = 0) -> None:
        self.states, self.ends_s = timeline(episode)
        self._reporting = reporting
        self._chance = random.Random(seed)
        self._spans = list(self._spans_of())

    def rows(self, now_s: float) -> list[dict[str, Any]]:
        """Return the open spans as they were last seen by then."""
        size = len(self.states[0])
        rows = [self._agent(one, now_s) for one in range(size)]
        for number, span in enumerate(self._spans):
            if span.end_seen_s > now_s:
                seen = self._seen(span, now_s)
                if seen:
                    rows.append(self._row(1_000 + number, span, seen))
        return rows

    def _spans_of(self) -> Iterator[_Span]:
        open_: dict[tuple[int, int, bool], float] = {}
        for state, end_s in zip(self.states, self.ends_s, strict=True):
            now = {(holder, fork, True) for fork, holder in enumerate(state) if holder != NOBODY}
            wanted = ((one, lacking(state, one)) for one in range(len(state)))
            now |= {(one, fork, False) for one, fork in wanted if fork is not None}
            for key in open_.keys() - now:
                yield self._ended(*key, open_.pop(key), end_s)
            for key in now - open_.keys():
                open_[key] = end_s
        for key, start_s in open_.items():
            yield _Span(*key, start_s, float("inf"), float("inf"))

    def _ended(self, one: int, fork: int, holds: bool, start_s: float, end_s: float) -> _Span:  # noqa: FBT001
        late_s = self._chance.uniform(0, self._reporting.end_s_max)
        return _Span(one, fork, holds, start_s, end_s, end_s + late_s)

    def _seen(self, span: _Span, now_s: float) -> Sequence[float]:
        """Return when its reports so far arrived."""
        until_s = min(now_s, span.end_s)
        if self._reporting.beat_s:
            first_s = span.start_s + self._reporting.first_s
            count = int((until_s - first_s) // self._reporting.beat_s) + 1 if until_s >= first_s else 0
            return [first_s + self._reporting.beat_s * beat for beat in range(count)]
        return [end_s for end_s in self.ends_s if span.start_s <= end_s <= now_s and end_s < span.end_s]

    def _row(self, number: int, span: _Span, seen: Sequence[float]) -> dict[str, Any]:
        fork = f"fork {span.fork}"
        said: dict[str, Any] = {"holds": fork, "holds_capacity": 1, "kind": "other", "name": f"hold {fork}"}
        if not span.holds:
            said = {"kind": "wait", "waiting_on": fork, "wait_reason": "lock", "name": f"wait for {fork}"}
        return self._span(number, span.philosopher, span.start_s, seen) | said

    def _agent(self, one: int, now_s: float) -> dict[str, Any]:
        seen = [10.0 * beat for beat in range(int(now_s // 10) + 1)]
        return self._span(one, one, 0, seen) | {
            "kind": "agent",
            "name": "philosopher",
            "parent_span_id": "",
            "open_descendants": self._open_below(one, now_s),
        }

    def _open_below(self, one: int, now_s: float) -> int:
        return sum(
            span.philosopher == one and span.start_s <= now_s < span.end_seen_s for span in self._spans
        )

    def _span(self, number: int, one: int, start_s: float, seen: Sequence[float]) -> dict[str, Any]:
        return _EMPTY | {
            "project": "table",
            "environment": "",
            "trace_id": f"{1:032x}",
            "span_id": f"{number + 1:016x}",
            "parent_span_id": f"{one + 1:016x}",
            "ended": False,
            "agent": f"P{one}",
            "start_ns": _ns(start_s),
            "first_seen_ns": _ns(seen[0]),
            "last_seen_ns": _ns(seen[-1]),
            "project_seen_ns": _ns(seen[-1]),
            "heartbeats": len(seen),
            "open_descendants": 0,
            "end_ns": 0,
        }


def moment(now_s: float) -> datetime:
    """Return when that is."""
    return START + timedelta(seconds=now_s)


def _ns(at_s: float) -> int:
    return int(START.timestamp() * 1e9) + int(at_s * 1e9)
