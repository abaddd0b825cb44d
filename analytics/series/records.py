"""Records: references, looks and alarms as they are written down and read."""

import base64
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from time import time_ns
from typing import Any, NamedTuple

import pyarrow as pa

from analytics.series.counts import Place
from analytics.series.kept import usual_from_bytes
from analytics.series.key import SeriesKey
from analytics.series.learned import Learned
from analytics.series.looked import Looked
from analytics.series.references import stored_reference
from analytics.series.tally import Tally
from collector.store.statement import statement
from collector.store.store import Store

_KEY = [("series", pa.uint64()), *((name, pa.string()) for name in SeriesKey._fields)]
_TIME = pa.timestamp("s", "UTC")
_REFERENCES = pa.schema(
    [
        *_KEY,
        ("learned_from", _TIME),
        ("learned_until", _TIME),
        ("reference", pa.binary()),
        ("usual", pa.binary()),
        ("usual_until", _TIME),
        ("pool", pa.uint64()),
        ("tallied_until", _TIME),
        ("day_calls", pa.list_(pa.uint32())),
        ("day_traces", pa.list_(pa.uint32())),
        ("version", pa.uint64()),
    ]
)
_LOOKS = pa.schema(
    [
        ("project", pa.string()),
        ("series", pa.uint64()),
        ("change", pa.string()),
        ("hour", _TIME),
        ("n", pa.uint64()),
        ("evidence", pa.float32()),
        ("threshold", pa.float32()),
        ("score", pa.string()),
        ("is_up", pa.bool_()),
        ("state", pa.binary()),
        ("version", pa.uint64()),
    ]
)
_ALARMS = pa.schema(
    [
        *_KEY,
        ("opened_hour", _TIME),
        ("change", pa.string()),
        ("closed_hour", _TIME),
        ("closed_by", pa.string()),
        ("began", _TIME),
        ("began_first", _TIME),
        ("began_last", _TIME),
        ("bet", pa.uint32()),
        ("evidence", pa.float32()),
        ("threshold", pa.float32()),
        ("explanation", pa.string()),
        ("version", pa.uint64()),
    ]
)


NO_POOL = Place("", 0)


class Alarm(NamedTuple):
    """An alarm of a series, in seconds since the epoch; `closed_s` is 0 while it is open.

    Parameters
    ----------
    bet
        Place of the bet that won, in `Looked.bets`, flat.
    """

    change: str
    opened_s: int
    closed_s: int
    began_s: int
    began_first_s: int
    began_last_s: int
    bet: int
    evidence: float
    threshold: float
    explanation: str

    @property
    def incident(self) -> tuple[int, int]:
        """Return the hours in which the series was not as usual, [first, end)."""
        return self.began_first_s, self.closed_s or 2**40


class Records:
    """Reads and writes what is known of series. A row that is written again replaces itself."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def references(self, pool: Place = NO_POOL) -> dict[Place, Learned]:
        """Return every series that is known, or the members of a pool."""
        found: dict[Place, Learned] = {}
        for row in self._query("references.sql", {"project": pool.project, "pool": pool.series}):
            found[Place(row["project"], row["series"])] = learned_from(row)
        return found

    def looked_s(self) -> int:
        """Return the last hour that was looked at, 0 when none was."""
        (row,) = self._query("newest_look.sql", {})
        return int(row["hour_s"])

    def states(self, from_s: int, until_s: int) -> dict[tuple[Place, str], bytes]:
        """Return the latest states of [from, until), by series and change."""
        return {
            (Place(row["project"], row["series"]), row["change"]): base64.b64decode(row["state"])
            for row in self._query("states.sql", {"from_s": from_s, "until_s": until_s})
        }

    def alarms(self, from_s: int) -> dict[Place, list[Alarm]]:
        """Return alarms that are open, or were closed since."""
        found: dict[Place, list[Alarm]] = {}
        for row in self._query("open_alarms.sql", {"from_s": from_s}):
            alarm = Alarm(*(row[name] for name in Alarm._fields))
            found.setdefault(Place(row["project"], row["series"]), []).append(alarm)
        return found

    def write_references(self, learned: Mapping[Place, Learned]) -> None:
        """Write down what series are compared with."""
        self._insert("drift_references", _REFERENCES, (_reference_row(*one) for one in learned.items()))

    def write_looks(self, hour_s: int, looked: Iterable[tuple[Looked, float]]) -> None:
        """Write down what a look at an hour said, with the threshold of each."""
        self._insert("drift_looks", _LOOKS, (_look_row(hour_s, *one) for one in looked))

    def write_alarm(self, place: Place, key: SeriesKey, alarm: Alarm, closed_by: str = "") -> None:
        """Write an alarm down, or that it is over."""
        row = {
            **_key_row(place, key),
            "opened_hour": alarm.opened_s,
            "change": alarm.change,
            "closed_hour": alarm.closed_s,
            "closed_by": closed_by,
            "began": alarm.began_s,
            "began_first": alarm.began_first_s,
            "began_last": alarm.began_last_s,
            "bet": alarm.bet,
            "evidence": alarm.evidence,
            "threshold": alarm.threshold,
            "explanation": alarm.explanation,
        }
        self._insert("drift_alarms", _ALARMS, [row])

    def _query(self, name: str, parameters: Mapping[str, object]) -> Sequence[Mapping[str, Any]]:
        return self._store.query(statement(__package__, name), parameters)

    def _insert(self, table: str, schema: pa.Schema, rows: Iterable[dict[str, Any]]) -> None:
        version = time_ns() // 1_000
        every = [row | {"version": version} for row in rows]
        if every:
            self._store.insert(table, pa.Table.from_pylist(every, schema=schema))


def learned_from(row: Mapping[str, Any]) -> Learned:
    """Return a series as a row of `references.sql` has it; what is broken is learned anew."""
    key = SeriesKey(*(row[name] for name in SeriesKey._fields))
    kept = stored_reference(key.metric, base64.b64decode(row["reference"])) if row["until_s"] else None
    tally = Tally(row["tallied_until_s"], tuple(row["day_calls"]), tuple(row["day_traces"]))
    learned = Learned(key, row["from_s"], row["until_s"] if kept else 0, kept, tally=tally)
    usual = usual_from_bytes(base64.b64decode(row["stored_usual"])) if row["pool"] else None
    return (
        replace(learned, usual=usual, usual_until_s=row["usual_until_s"], pool=row["pool"])
        if usual
        else learned
    )


def _key_row(place: Place, key: SeriesKey) -> dict[str, Any]:
    return {"series": place.series, **key._asdict()}


def _reference_row(place: Place, one: Learned) -> dict[str, Any]:
    return {
        **_key_row(place, one.key),
        "learned_from": one.from_s,
        "learned_until": one.until_s,
        "reference": one.reference.to_bytes() if one.reference else b"",
        "usual": one.usual.to_bytes() if one.usual else b"",
        "usual_until": one.usual_until_s,
        "pool": one.pool,
        "tallied_until": one.tally.until_s,
        "day_calls": list(one.tally.calls),
        "day_traces": list(one.tally.traces),
    }


def _look_row(hour_s: int, looked: Looked, threshold: float) -> dict[str, Any]:
    return {
        "project": looked.place.project,
        "series": looked.place.series,
        "change": looked.change,
        "hour": hour_s,
        "n": looked.calls,
        "evidence": looked.evidence,
        "threshold": threshold,
        "score": looked.score,
        "is_up": looked.is_up,
        "state": looked.state,
    }
