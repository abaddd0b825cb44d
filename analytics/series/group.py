"""Groups: series with buckets in common, looked at together, and what is known of each so far. Pure."""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from analytics.drift.change_time import winner
from analytics.drift.detector import fresh, log_prior, mixture, step
from analytics.drift.evidence import MARGIN, Margin, log_e
from analytics.drift.state import pack, unpack
from analytics.drift.table import ScoreTable
from analytics.series.counts import HOUR_S, Counts, Place, middles_h
from analytics.series.kept import Kept, joined
from analytics.series.looked import BEYOND_MAX, Bucket, Looked, Since

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class Group:
    """Series of one bucket, length of reference and number of polynomials.

    Parameters
    ----------
    parts
        Their references.
    states
        What is known of them so far, as `Looked.state` was, by series and change; what is missing, or
        belongs to another reference, begins anew.
    margin
        What is not worth a page.
    """

    def __init__(
        self,
        parts: Mapping[Place, Kept],
        states: Mapping[tuple[Place, str], bytes],
        margin: Margin = MARGIN,
    ) -> None:
        self._margin = margin
        self.places = list(parts)
        self.reference = joined(list(parts.values()))
        self.bucket_h = int(self.reference.bucket_h)
        self._numbers = {place: number for number, place in enumerate(self.places)}
        self._table = ScoreTable(self.reference.scores)
        self._prior = log_prior(self.reference)
        self._state = fresh(self.reference)
        # one bet alone is enough
        self._beyond = BEYOND_MAX + np.log(self._state[0].size)
        for number, place in enumerate(self.places):
            self._state[number] = self._resumed(number, states.get((place, ""), b""), -np.inf)
        self._since = {key: packed for key, packed in states.items() if key[1] and key[0] in self._numbers}

    def states(self) -> Mapping[tuple[Place, str], bytes]:
        """Return what is known of every series, all the time and since known changes."""
        own = zip(self.places, self._state, self.reference.scores, strict=True)
        packed = {(place, ""): pack(state[: len(scores.names)]) for place, state, scores in own}
        return packed | self._since

    def begin_anew(self, place: Place) -> None:
        """Forget the evidence of a series, if it is one of these."""
        if place in self._numbers:
            self._state[self._numbers[place]] = -np.inf
            self._since = {key: packed for key, packed in self._since.items() if key[0] != place}

    def look(
        self, hour_s: int, bucket: Bucket, since: Iterable[Since], thresholds: Mapping[str, float]
    ) -> list[Looked]:
        """Add the evidence of the bucket that ends with an hour, given by its beginning."""
        beginning_s = hour_s - (self.bucket_h - 1) * HOUR_S
        sums, n = self._sums(bucket.counts)
        hours = middles_h(np.array([beginning_s]), self.bucket_h)
        evidence = log_e(self.reference, hours, sums[None], n[None], self._margin)[0]
        most = np.array([thresholds[place.project] for place in self.places]) + self._beyond
        state = step(self._state, evidence, self.reference.buckets)
        self._state = np.minimum(state, most[:, None, None, None])
        told = mixture(self._state, self._prior)
        found = [
            self._looked(number, "", n[number], told[number], self._state[number])
            for number in range(len(self.places))
        ]
        return [*found, *self._look_since(beginning_s, evidence, n, since, most)]

    def _look_since(
        self, beginning_s: int, evidence: Floats, n: Floats, since: Iterable[Since], most: Floats
    ) -> Iterable[Looked]:
        begun = [
            one
            for one in since
            if one.place in self._numbers and beginning_s + self.bucket_h * HOUR_S > one.from_s
        ]
        kept: dict[tuple[Place, str], bytes] = {}
        for one in begun:
            number = self._numbers[one.place]
            state = (
                self._resumed(number, self._since.get((one.place, one.change), b""), 0.0) + evidence[number]
            )
            state = np.minimum(state, most[number])
            told = mixture(state[None], self._prior[[number]])[0]
            looked = self._looked(number, one.change, n[number], told, state)
            kept[one.place, one.change] = looked.state
            yield looked
        self._since = kept

    def _sums(self, counted: Mapping[Place, Counts]) -> tuple[Floats, Floats]:
        some = [(number, counted[place]) for place, number in self._numbers.items() if place in counted]
        if not some:
            return np.zeros(self.reference.shape), np.zeros(len(self.places))
        series = np.concatenate([np.full(len(one.items), number) for number, one in some])
        items, calls = (
            np.concatenate([getattr(one, part) for _, one in some]) for part in ("items", "calls")
        )
        return self._table.sums(series, items, calls)

    def _resumed(self, number: int, packed: bytes, begins: float) -> Floats:
        scores, bets = len(self.reference.scores[number].names), self._state.shape[1:]
        state = np.full(bets, begins)
        resumed = unpack(packed, (scores, *bets[1:]))
        if resumed is not None:
            state[:scores] = resumed
        return state

    def _looked(self, number: int, change: str, n: float, told: float, state: Floats) -> Looked:
        names = self.reference.scores[number].names
        own = state[: len(names)]
        bet = winner(own)
        of = self.places[number], change, int(n)
        told_of = float(told), names[bet.score], bet.direction == 0
        return Looked(*of, *told_of, pack(own), own.astype(np.float32))


def groups(
    references: Mapping[Place, Kept],
    states: Mapping[tuple[Place, str], bytes],
    margin: Margin = MARGIN,
    series_max: int = 1_000,
) -> Sequence[Group]:
    """Return the groups that series make up, of so many each at most: all bets of one are in memory."""
    alike: dict[tuple[int, int, int], dict[Place, Kept]] = {}
    for place, one in references.items():
        alike.setdefault((one.bucket_h, one.buckets, one.scores().smooth), {})[place] = one
    found: list[Group] = []
    for parts in alike.values():
        every = list(parts.items())
        for first in range(0, len(every), series_max):
            some = dict(every[first : first + series_max])
            own = {key: packed for key, packed in states.items() if key[0] in some}
            found.append(Group(some, own, margin))
    return found
