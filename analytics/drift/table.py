"""The scores of many series in one table, for a look at one bucket of all of them. Pure."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from analytics.drift.scores import Scores

Floats = NDArray[np.float64]

_ID_MAX = 2**32
# Counts at a time: what a look works on stays in the processor's cache, and the fleet's does not matter.
_AT_ONCE = 65_536


class ScoreTable:
    """Scores of series of one kind, numeric or categorical.

    Parameters
    ----------
    scores : length series
    """

    def __init__(self, scores: Sequence[Scores]) -> None:
        self._width = max(len(one.names) for one in scores)
        rows = np.array([len(one.share) for one in scores])
        self._first = np.concatenate([[0], np.cumsum(rows)[:-1]])
        self._values = np.zeros((int(rows.sum()), self._width), np.float32)
        for start, one in zip(self._first, scores, strict=True):
            self._values[start : start + len(one.share), : len(one.names)] = one.values
        self._sizes = np.array([len(one.ids) for one in scores])
        self._lowest = np.array([one.ids[0] for one in scores])
        self._numeric = rows == self._sizes + 2
        self._keys = np.concatenate([_key(number, one.ids) for number, one in enumerate(scores)])
        self._before = np.concatenate([[0], np.cumsum(self._sizes)[:-1]])

    def sums(
        self, series: NDArray[np.int64], ids: NDArray[np.int64], counts: Floats
    ) -> tuple[Floats, Floats]:
        """Return each series' sums of scores and its number of spans, of one bucket.

        Parameters
        ----------
        series, ids, counts : shape (n,)
            Counts of bins or categories, in any order.

        Returns
        -------
        sums : shape (series, scores)
        n : shape (series,)
        """
        number = len(self._sizes)
        sums, n = np.zeros((number, self._width)), np.zeros(number)
        for start in range(0, len(series), _AT_ONCE):
            part = slice(start, start + _AT_ONCE)
            some, much = series[part], counts[part]
            values = self._values[self._first[some] + self._rows(some, ids[part])]
            place = np.arange(len(values))
            sums += csr_array((much, (some, place)), shape=(number, len(values))) @ values
            n += np.bincount(some, weights=much, minlength=number)
        return sums, n

    def _rows(self, series: NDArray[np.int64], ids: NDArray[np.int64]) -> NDArray[np.int64]:
        size = self._sizes[series]
        numeric = np.clip(ids - self._lowest[series] + 1, 0, size + 1)
        if self._numeric.all():
            return np.asarray(numeric)
        key = _key(series, ids)
        place = np.searchsorted(self._keys, key)
        known = self._keys[np.minimum(place, len(self._keys) - 1)] == key
        category = np.where(known, place - self._before[series], size)
        return np.asarray(np.where(self._numeric[series], numeric, category))


def _key(series: int | NDArray[np.int64], ids: NDArray[np.int64]) -> NDArray[np.int64]:
    return np.asarray(series * _ID_MAX + ids)
