"""Which words came and went with a drift, and in which answers they stand."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from analytics.api.drift_models import WordShift
from analytics.drift.text import HASHES
from analytics.drift.words import Side, Word, changed_words, text_of
from analytics.series.key import SeriesKey
from analytics.series.said import Said
from collector.store.statement import statement
from collector.store.store import Store

Hours = tuple[int, int]


class Spoken(NamedTuple):
    """Answers of a speaker in some hours, [first, end)."""

    key: SeriesKey
    hours: Hours
    answers: Sequence[Said]


def told_words(store: Store, before: Spoken, after: Spoken) -> list[WordShift]:
    """Return words that more answers have after than before, then those that fewer have."""
    sides, stored = [], []
    for key, hours, some in (before, after):
        stored.append([one for one in some if one.text])
        sides.append(_side(store, key, hours, stored[-1]))
    more, fewer = changed_words(*sides)
    return [
        *(_shift(one, stored[1]) for one in more),
        *(_shift(one, stored[0]) for one in fewer),
    ]


def _side(store: Store, key: SeriesKey, hours: Hours, stored: Sequence[Said]) -> Side:
    parameters = {**key._asdict(), "from_s": hours[0], "until_s": hours[1]}
    texts = np.zeros(HASHES)
    n = traces = 0.0
    for row in store.query(statement(__package__, "words_by_hash.sql"), parameters):
        hashes, counted = row["found"]
        some = np.array(hashes, np.int64)
        texts[some[some < HASHES]] = np.array(counted, np.float64)[some < HASHES]
        n, traces = float(row["texts_n"]), float(row["traces_n"])
    return Side(texts, n, traces, [text_of(one.trace, one.text or "") for one in stored])


def _shift(one: Word, texts: Sequence[Said]) -> WordShift:
    example = texts[one.example]
    return WordShift(
        word=one.term, before=one.before, after=one.after, trace=example.trace, span=example.span
    )
