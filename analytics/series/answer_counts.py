"""Answers of hours: a sample of each series is read, measured and counted; their words are not kept."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa

from analytics.contracts.texts import read_texts
from analytics.drift.text import BASIS_VERSION, HASHES, shipped_basis, sketch
from analytics.series.answers import Answer, counts_of
from analytics.series.text_measures import measured
from collector.store.statement import statement
from collector.store.store import Store

# Of a series in an hour, and series of a project; of all projects together it takes less than a minute.
ANSWERS_MAX = 200
SERIES_MAX = 50
ALL_MAX = 15_000
# Calls of an hour that are drawn from: where there are more, of a small series fewer than so many are read.
CANDIDATES_MAX = 2_000_000
_HASH_MAX = 2**64 - 1
# Texts of as many calls are in memory at once.
_BATCH = 200
_UPPER = np.triu_indices(64)

_PIECES = pa.schema(
    [
        ("project", pa.string()),
        ("hour", pa.timestamp("s", "UTC")),
        *((name, pa.string()) for name in ("environment", "agent", "operation", "subject")),
        *((name, pa.string()) for name in ("metric", "agent_version", "category")),
        ("bin", pa.int16()),
        ("is_total", pa.bool_()),
        ("n", pa.uint64()),
        ("traces", pa.uint64()),
    ]
)


class Speaker(NamedTuple):
    """Whose answers of which hour they are: what metrics of a series have in common."""

    project: str
    hour: datetime
    environment: str
    agent: str
    operation: str
    subject: str


class _Call(NamedTuple):
    speaker: Speaker
    version: str
    trace: str
    span: str

    @property
    def place(self) -> str:
        return self.trace + self.span + self.speaker.project


class AnswerCounts:
    """Counts what models and agents said, into `drift_pieces`, `drift_sketches` and `drift_words`."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._basis = shipped_basis()

    def count(self, version: int, steps: int) -> int:
        """Count a sample of the answers of each of the gathered hours, and return how many there were.

        Parameters
        ----------
        steps
            How many the hours have, of all kinds.
        """
        answers: dict[Speaker, list[Answer]] = defaultdict(list)
        calls = self._sampled(steps)
        for start in range(0, len(calls), _BATCH):
            for speaker, answer in self._measured(calls[start : start + _BATCH]):
                answers[speaker].append(answer)
        if answers:
            self._store.insert("drift_pieces", _pieces(answers))
            self._keep_sketches(version, answers)
        return sum(map(len, answers.values()))

    def _sampled(self, steps: int) -> Sequence[_Call]:
        """Return the calls whose texts are read, those that are stored side by side one after another."""
        bounds = {
            "answers_max": ANSWERS_MAX,
            "series_max": SERIES_MAX,
            "all_max": ALL_MAX,
            "hash_max": min(_HASH_MAX, _HASH_MAX * CANDIDATES_MAX // max(1, steps)),
        }
        rows = list(self._store.query(statement(__package__, "sampled_answers.sql"), bounds))
        series = Counter(row["hour"] for row in rows)
        found = [
            (str(start), _Call(Speaker(*(row[name] for name in Speaker._fields)), version, trace, span))
            for row in rows
            for start, version, trace, span in row["calls"][: ALL_MAX // series[row["hour"]]]
        ]
        found.sort(key=lambda one: (one[1].speaker.project, one[0][:13], one[1].trace))
        return [call for _, call in found]

    def _measured(self, calls: Sequence[_Call]) -> Iterator[tuple[Speaker, Answer]]:
        texts = read_texts(self._store, [call.place for call in calls], inputs=False)
        for call in calls:
            text = texts.get(call.place)
            found = measured(text.output if text else None)
            if found is not None:
                yield call.speaker, Answer(call.version, call.trace, found)

    def _keep_sketches(self, version: int, answers: Mapping[Speaker, Sequence[Answer]]) -> None:
        sketches, words = [], []
        for speaker, some in answers.items():
            found = [one.measured.hashes for one in some if len(one.measured.hashes)]
            if found:
                of = speaker._asdict() | {"version": version, "n": len(found)}
                traces = len({one.trace for one in some})
                sketches.append(of | {"traces": traces, "basis": BASIS_VERSION} | self._sums(found))
                words.append(of | _frequencies(found))
        if sketches:
            self._store.insert("drift_sketches", _table(sketches))
            self._store.insert("drift_words", _table(words))

    def _sums(self, found: Sequence[Any]) -> dict[str, Any]:
        each = np.stack([sketch(hashes, self._basis) for hashes in found])
        return {"sums": each.sum(0), "products": (each.T @ each)[_UPPER]}


def _frequencies(found: Sequence[Any]) -> dict[str, Any]:
    texts = np.bincount(np.concatenate(found), minlength=HASHES)
    some = np.flatnonzero(texts)
    return {"hashes": some, "texts": texts[some]}


def _pieces(answers: Mapping[Speaker, Sequence[Answer]]) -> pa.Table:
    rows = [
        (*speaker, one.metric, one.version, one.category, one.bin, one.is_total, one.n, one.traces)
        for speaker, some in answers.items()
        for one in counts_of(some)
    ]
    columns = zip(*rows, strict=True)
    return pa.table(
        [pa.array(column, one.type) for column, one in zip(columns, _PIECES, strict=True)], _PIECES
    )


_TYPES = {
    "hour": pa.timestamp("s", "UTC"),
    "version": pa.uint64(),
    "n": pa.uint32(),
    "traces": pa.uint32(),
    "basis": pa.uint16(),
    "sums": pa.list_(pa.float32()),
    "products": pa.list_(pa.float32()),
    "hashes": pa.list_(pa.uint16()),
    "texts": pa.list_(pa.uint32()),
}


def _table(rows: Sequence[Mapping[str, Any]]) -> pa.Table:
    return pa.table(
        {name: pa.array([row[name] for row in rows], _TYPES.get(name, pa.string())) for name in rows[0]}
    )
