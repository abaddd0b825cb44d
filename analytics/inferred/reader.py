"""Reads which traces are unfinished, and of each, once, what is inferred to go on in it."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import accumulate
from typing import Any, NamedTuple

from analytics.inferred.calls import Call, calls_in
from analytics.inferred.inference import Inference, infer, last_answers
from analytics.inferred.step import Step
from analytics.inferred.unfinished import Unfinished
from analytics.rfc3339 import unix_ns
from collector.store.rows import Rows
from collector.store.statement import statement
from collector.store.store import Store

# A batch exporter tells every 5 s what has ended: a trace that was quiet for as long may only be between two.
QUIET = timedelta(seconds=20)
# As long as open spans are looked at.
FORGOTTEN = timedelta(hours=24)
# Traces that are known to be unfinished; beyond, those that went quiet first are not looked at.
TRACES_MAX = 20_000
# Traces and spans whose content is read at once: reads are of the traces that went quiet since the last one.
READ_TRACES_MAX = 300
READ_SPANS_MAX = 50_000
# What goes on in a larger trace is not inferred.
TRACE_SPANS_MAX = 5_000

Place = str
"""A trace: its id in 32 hex digits, and its project."""


class _Known(NamedTuple):
    version: int
    inference: Inference


class UnfinishedTraces:
    """Follows the traces that have begun and not ended, by what was assembled of them.

    What is asked for stands in the content of spans, which is costly to read: it is read once for each
    state of a trace, and remembered for as long as the trace stays unfinished.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._known: dict[Place, _Known] = {}

    def read(self, now: datetime) -> Sequence[Unfinished]:
        """Return the traces that have been quiet for `QUIET` and are not complete, the latest first.

        Parameters
        ----------
        now
            Aware UTC: everything received before it is loaded.
        """
        rows = self._query("unfinished.sql", _bounds(now))
        self._forget(rows)
        self._learn([row for row in rows if self._is_new(row)])
        return [self._unfinished(row) for row in rows]

    def _is_new(self, row: Mapping[str, Any]) -> bool:
        if row["open_spans"] or row["roots"] or row["spans"] > TRACE_SPANS_MAX:
            return False
        known = self._known.get(_place(row))
        return known is None or known.version != row["version"]

    def _forget(self, rows: Iterable[Mapping[str, Any]]) -> None:
        places = {_place(row) for row in rows}
        self._known = {place: known for place, known in self._known.items() if place in places}

    def _learn(self, rows: Sequence[Mapping[str, Any]]) -> None:
        """Infer what goes on in those of each project that are quiet for longest, as one read takes."""
        turns: Counter[str] = Counter()
        in_turn = []
        for row in sorted(rows, key=lambda row: row["version"]):
            in_turn.append((turns[row["project"]], row["version"], row))
            turns[row["project"]] += 1
        oldest = [row for _, _, row in sorted(in_turn, key=lambda turn: turn[:2])][:READ_TRACES_MAX]
        sizes = accumulate(row["spans"] for row in oldest)
        some = {
            _place(row): row["version"]
            for row, size in zip(oldest, sizes, strict=True)
            if size <= READ_SPANS_MAX
        }
        if not some:
            return
        traces = self._steps(some)
        calls = self._calls([answer for steps in traces.values() for answer in last_answers(steps)])
        for place, version in some.items():
            self._known[place] = _Known(version, infer(traces[place], calls[place]))

    def _steps(self, places: Iterable[Place]) -> Mapping[Place, list[Step]]:
        traces: defaultdict[Place, list[Step]] = defaultdict(list)
        for row in self._query("steps.sql", {"places": list(places), "rows_max": 2 * READ_SPANS_MAX}):
            ids = {name: row.pop(f"{name}_hex") for name in ("trace_id", "span_id")}
            step = Step(**ids, parent_span_id=row.pop("parent_id_hex"), **row)
            traces[step.trace_id + step.project].append(step)
        return traces

    def _calls(self, answers: Sequence[Step]) -> Mapping[Place, dict[str, list[Call] | None]]:
        """Return by trace and span what is asked for."""
        calls: defaultdict[Place, dict[str, list[Call] | None]] = defaultdict(dict)
        if answers:
            places = [answer.trace_id + answer.span_id + answer.project for answer in answers]
            rows = self._query("said.sql", {"places": places})
            pieces = self._pieces(rows)
            for row in rows:
                calls[_place(row)][row["span_id_hex"]] = calls_in(_told(row, pieces))
        return calls

    def _pieces(self, rows: Iterable[Mapping[str, Any]]) -> Mapping[str, str]:
        places = [
            row["day"] + hash_ + row["project"]
            for row in rows
            for hashes in row["apart_pieces"]
            for hash_ in hashes
        ]
        if not places:
            return {}
        return {row["place"]: row["piece"] for row in self._query("pieces.sql", {"places": places})}

    def _unfinished(self, row: Mapping[str, Any]) -> Unfinished:
        known = self._known.get(_place(row))
        told = {name: row[name] for name in _AS_IT_IS}
        trace = Unfinished(trace_id=row["trace_id_hex"], heard_ns=row["version"] * 1000, **told)
        return replace(trace, **known.inference._asdict()) if known else trace

    def _query(self, name: str, parameters: Mapping[str, object]) -> Rows:
        return self._store.query(statement(__package__, name), parameters)


_AS_IT_IS = (
    "project", "name", "environment", "agents", "services", "start_ns", "spans", "open_spans", "roots",
    "missing_parents",
)  # fmt: skip


def _bounds(now: datetime) -> Mapping[str, object]:
    """Return the versions between which a trace was assembled last: microseconds, about."""
    return {
        "since_version": unix_ns(now - FORGOTTEN) // 1000,
        "until_version": unix_ns(now - QUIET) // 1000,
        "rows_max": TRACES_MAX,
    }


def _place(row: Mapping[str, Any]) -> Place:
    return str(row["trace_id_hex"] + row["project"])


def _told(row: Mapping[str, Any], pieces: Mapping[str, str]) -> dict[str, str]:
    """Return the attributes that may hold calls, whole; what was deleted of them is left out."""
    told = dict(row["told"])
    if row["output"]:
        told["output"] = row["output"]
    apart = (row[name] for name in ("apart_keys", "apart_joints", "apart_endings", "apart_pieces"))
    for key, joint, ending, hashes in zip(*apart, strict=True):
        texts = [pieces.get(row["day"] + hash_ + row["project"]) for hash_ in hashes]
        if None not in texts:
            told[key] = joint.join(text for text in texts if text is not None) + ending
    return told
