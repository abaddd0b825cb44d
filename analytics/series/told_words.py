"""Which words came and went with a drift, and in which answers they stand."""

from collections.abc import Sequence

import numpy as np

from analytics.api.drift_models import WordShift
from analytics.drift.text import HASHES
from analytics.drift.words import Frequencies, Word, shifted, told, words
from analytics.series.key import SeriesKey
from analytics.series.said import Said
from collector.store.statement import statement
from collector.store.store import Store

Hours = tuple[int, int]


def told_words(
    store: Store, key: SeriesKey, before: tuple[Hours, Sequence[Said]], after: tuple[Hours, Sequence[Said]]
) -> list[WordShift]:
    """Return words that more answers have after than before, then those that fewer have.

    Parameters
    ----------
    before, after
        Hours [first, end), and answers of them.
    """
    frequencies = [frequencies_of(store, key, hours) for hours, _ in (before, after)]
    more, fewer = shifted(*frequencies)
    then, now = (one.texts / max(one.n, 1) for one in frequencies)
    stored = [[one for one in some if one.text] for _, some in (before, after)]
    of_before, of_after = ([told(one.trace, one.text or "") for one in some] for some in stored)
    came = words(more, now - then, of_after, of_before)
    went = words(fewer, then - now, of_before, of_after)
    return [
        *(_shift(one, one.before, one.after, stored[1]) for one in came),
        *(_shift(one, one.after, one.before, stored[0]) for one in went),
    ]


def frequencies_of(store: Store, key: SeriesKey, hours: Hours) -> Frequencies:
    """Return in how many texts of [first, end) each hash occurs."""
    parameters = {**key._asdict(), "from_s": hours[0], "until_s": hours[1]}
    texts = np.zeros(HASHES)
    n = traces = 0.0
    for row in store.query(statement(__package__, "words_by_hash.sql"), parameters):
        hashes, counted = row["found"]
        some = np.array(hashes, np.int64)
        texts[some[some < HASHES]] = np.array(counted, np.float64)[some < HASHES]
        n, traces = float(row["texts_n"]), float(row["traces_n"])
    return Frequencies(texts, n, traces)


def _shift(one: Word, before: float, after: float, texts: Sequence[Said]) -> WordShift:
    example = texts[one.example]
    return WordShift(word=one.term, before=before, after=after, trace=example.trace, span=example.span)
