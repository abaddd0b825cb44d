"""Summaries: counts what agents put out, an hour at a time, and again when something came late."""

import time
from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import accumulate, pairwise, takewhile
from typing import NamedTuple

import structlog

from analytics.prompts.prompt_counts import PromptCounts
from analytics.series.answer_counts import AnswerCounts
from analytics.series.gathered import forget, gathered
from collector.deletion.kept import FOR_EVER, Kept
from collector.store.rows import Rows
from collector.store.statement import statement
from collector.store.store import Store

log = structlog.get_logger(__name__)

HOUR = timedelta(hours=1)
# An hour is counted when most of what ended in it has arrived; what comes later is counted again.
SETTLED = timedelta(minutes=5)
# After a stop, or before the first count: as far back as the reference of a series may begin.
WINDOW = timedelta(days=28)
# What comes late comes for a while: an hour is counted again this long after the last time.
AGAIN = timedelta(minutes=10)
# After a stop: of what was assembled so long before the last count, hours may have waited for another.
WAITED = timedelta(hours=2)
# Series of a project and an hour, categories of a series, that stand for themselves.
SERIES_MAX = 2_000
CATEGORIES_MAX = 50
# Counting takes time from other looks.
COUNTING_S_MAX = 5.0
# Steps that are counted at once, for memory: each piece writes most of the bins again, and holds its traces.
PIECES = {"count_steps.sql": 4_000_000, "count_traces.sql": 1_000_000}
# Hours in a row that have so few steps are counted together: a statement takes a tenth of a second before it
# reads anything. Of more there would be more answers in memory than of one hour (answer_counts.py).
TOGETHER_MAX = 15_000
# They are of one day, so that all are in one part of `drift_counts`: it is there or it is not.
HOURS_MAX = 24
# Traces that are asked where a piece ends.
_SAMPLE = 2_000


class _Batch(NamedTuple):
    """Hours that are counted at once: how many steps may have ended in them, and a sample of traces."""

    hours: int
    steps: int
    traces: Sequence[str]


class Summaries:
    """Writes `drift_counts`; an hour that is counted once more replaces itself.

    Counting an hour merges the steps of its week, on a Monday of the one before, and of those since, once:
    `steps` is ordered by trace. What is counted is counted of its own steps. Memory is that of a piece of it.
    Small hours in a row are counted together, for about the price of one.

    Parameters
    ----------
    kept
        Of hours whose steps a project keeps no more, what was counted of it stays as it is.
    """

    def __init__(self, store: Store, kept: Kept = FOR_EVER) -> None:
        self._store = store
        self._kept = kept
        self._answers = AnswerCounts(store)
        self._prompts = PromptCounts(store)
        self._until: datetime | None = None
        self._touched: set[datetime] = set()
        self._counted: dict[datetime, datetime] = {}
        self._hours_max = HOURS_MAX

    def touch(self, ends: Collection[datetime]) -> None:
        """Take note of the hours in which spans ended that were assembled since the last call."""
        self._touched |= {_hour(end) for end in ends}

    def refresh(self, now: datetime) -> list[datetime]:
        """Count the hours that are over and changed; return those that were counted.

        New ones come first, the oldest of them first: whoever sends to old hours for ever keeps nobody's
        newest hour waiting.
        """
        if self._until is None:
            forget(self._store)  # of a count that was killed
            self._touched |= self._left_uncounted(now)
            self._until = _hour(now)
        last = over(now) - HOUR
        due = [hour for hour in self._touched if self._is_due(hour, last, now)]
        due.sort(key=lambda hour: (hour in self._counted, hour))
        done: list[datetime] = []
        began_s = time.monotonic()
        while len(done) < len(due) and not (done and time.monotonic() - began_s >= COUNTING_S_MAX):
            first = due[len(done)]
            hours = _in_a_row(due[len(done) : len(done) + self._hours_max])
            counted = self.count(first, hours, today=now.date())
            done += [first + HOUR * hour for hour in range(counted)]
        self._touched.difference_update(done)
        self._counted |= dict.fromkeys(done, now)
        self._touched = {hour for hour in self._touched if hour >= last - WINDOW}
        self._counted = {hour: at for hour, at in self._counted.items() if hour >= last - WINDOW}
        return done

    def counted_until(self, now: datetime) -> datetime:
        """Return the time before which every hour is counted that is over, be it without what came late."""
        end = over(now)
        waiting = [hour for hour in self._touched if end - WINDOW <= hour < end and hour not in self._counted]
        return min(waiting, default=end)

    def first_s(self) -> int:
        """Return the first hour that is counted, 0 when none is."""
        (row,) = self._store.query(statement(__package__, "first_hour.sql"))
        return int(row["hour_s"])

    def _is_due(self, hour: datetime, last: datetime, now: datetime) -> bool:
        return last - WINDOW <= hour <= last and now - self._counted.get(hour, now - AGAIN) >= AGAIN

    def count(self, first: datetime, hours: int = 1, *, today: date) -> int:
        """Count hours of a day anew, fewer if they have many steps; return how many were counted.

        A kill leaves the counts before as they are.
        """
        began_s, version = time.monotonic(), time.time_ns()
        batch = self._batch(first, hours)
        bounds = _bounds(first, batch.hours)
        with gathered(self._store, first, batch.hours):
            self._count_pieces(batch)
            answers = self._answers.count(version, batch.steps)
            self._prompts.count(version, batch.steps)
            self._command("count_evaluations.sql", bounds)
            self._keep({**bounds, **self._kept.bounds(today), "version": version})
        took = {"answers": answers, "elapsed_s": time.monotonic() - began_s}
        log.debug("hours_counted", first=first.isoformat(), n=batch.hours, **took)
        return batch.hours

    def _count_pieces(self, batch: _Batch) -> None:
        for name, steps_max in PIECES.items():
            for first_id, next_id in pairwise(["", *_ids(batch.traces, batch.steps, steps_max), ""]):
                self._command(name, {"first": first_id, "next": next_id})

    def _batch(self, first: datetime, hours: int) -> _Batch:
        """Return what is known of as many of the hours as have few enough steps, one at least.

        After large hours fewer are asked about, after small ones more: to ask is to read.
        """
        bounds = _bounds(first, hours) | {"sample": _SAMPLE}
        rows = self._store.query(statement(__package__, "piece_bounds.sql"), bounds)
        batch = _batch(rows, int(first.timestamp()), hours)
        self._hours_max = min(HOURS_MAX, 2 * batch.hours)
        return batch

    def _keep(self, bounds: Mapping[str, object]) -> None:
        """Put what was counted in the place of what was counted before.

        The engine may say that it wrote what it did not, when a disk fails.
        """
        most = {"series_max": SERIES_MAX, "categories_max": CATEGORIES_MAX}
        self._command("keep_hours.sql", {**bounds, **most})
        (row,) = self._store.query(statement(__package__, "not_kept.sql"), bounds)
        if row["hours"]:
            raise RuntimeError(f"the counts of {row['hours']} hours are not stored though the engine said so")

    def _left_uncounted(self, now: datetime) -> set[datetime]:
        """Return the hours to count after a stop: new ones, and those that waited to be counted again."""
        (newest,) = self._store.query(statement(__package__, "newest_count.sql"))
        bounds = {
            "newest_s": int(newest["hour_s"]),
            # while nothing was counted, every hour is new
            "since_us": max(0, int(newest["version"]) // 1000 - WAITED // timedelta(microseconds=1)),
            "from_s": int((_hour(now) - WINDOW).timestamp()),
            "until_s": int((_hour(now) + HOUR).timestamp()),
        }
        rows = self._store.query(statement(__package__, "hours_left.sql"), bounds)
        return {datetime.fromtimestamp(row["hour_s"], UTC) for row in rows}

    def _command(self, name: str, parameters: Mapping[str, object] | None = None) -> None:
        self._store.command(statement(__package__, name), parameters)


def _in_a_row(hours: Sequence[datetime]) -> int:
    """Return how many hours, from the first on, follow one another on its day."""
    day = hours[0].date()
    in_a_row = (hour == hours[0] + n * HOUR and hour.date() == day for n, hour in enumerate(hours))
    return sum(takewhile(bool, in_a_row))


def _batch(rows: Rows, first_s: int, hours_max: int) -> _Batch:
    by_hour = {int(row["hour_s"]): row for row in rows}
    asked = [by_hour.get(first_s + 3600 * n, {"steps": 0, "traces": []}) for n in range(hours_max)]
    sums = accumulate(row["steps"] for row in asked)
    hours = max(1, sum(steps <= TOGETHER_MAX for steps in sums))
    traces = sorted(trace for row in asked[:hours] for trace in row["traces"])
    return _Batch(hours, sum(row["steps"] for row in asked[:hours]), traces)


def _bounds(first: datetime, hours: int) -> dict[str, object]:
    from_s = int(first.timestamp())
    return {"from_s": from_s, "until_s": from_s + hours * 3600}


def _ids(traces: Sequence[str], steps: int, steps_max: int) -> list[str]:
    """Return those of a sample of traces, in order, between which there are about so many steps."""
    pieces = -(-steps // steps_max)
    return sorted({traces[len(traces) * piece // pieces] for piece in range(1, pieces)})


def over(now: datetime) -> datetime:
    """Return the end of the last hour of which most has arrived."""
    return _hour(now - SETTLED)


def _hour(time_: datetime) -> datetime:
    return time_.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
