"""Groups of content: series of texts with buckets in common, and what is known of each so far. Pure."""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from analytics.drift.mix import shared
from analytics.drift.sketch_reference import SIZE
from analytics.drift.sketches import (
    BETS,
    SketchState,
    fresh_sketches,
    pack_sketches,
    step_since,
    step_sketches,
    unpack_sketches,
)
from analytics.series.counts import HOUR_S, Place
from analytics.series.kept_content import KeptContent
from analytics.series.looked import BEYOND_MAX, Bucket, Looked, Since

Floats = NDArray[np.float64]

# one bet alone is enough
_BEYOND = BEYOND_MAX + float(np.log(BETS))
_AT_THE_CHANGE = 0.0


class ContentGroup:
    """Series of texts of one bucket: a look costs each of them two products with a matrix of 64 x 64.

    Parameters are as of `group.Group`.
    """

    def __init__(self, parts: Mapping[Place, KeptContent], states: Mapping[tuple[Place, str], bytes]) -> None:
        self.places = list(parts)
        self.bucket_h = next(iter(parts.values())).bucket_h
        self._references = {place: one.reference() for place, one in parts.items()}
        self._states = {place: _resumed(states.get((place, ""), b""), -np.inf) for place in self.places}
        self._since = {key: packed for key, packed in states.items() if key[1] and key[0] in parts}

    def states(self) -> Mapping[tuple[Place, str], bytes]:
        """Return what is known of every series, all the time and since known changes."""
        return {(place, ""): pack_sketches(state) for place, state in self._states.items()} | self._since

    def begin_anew(self, place: Place) -> None:
        """Forget the evidence of a series, and where it went, if it is one of these."""
        if place in self._states:
            self._states[place] = fresh_sketches()
            self._since = {key: packed for key, packed in self._since.items() if key[0] != place}

    def look(
        self, hour_s: int, bucket: Bucket, since: Iterable[Since], thresholds: Mapping[str, float]
    ) -> list[Looked]:
        """Add the evidence of the bucket that ends with an hour, given by its beginning."""
        said = {place: _said(bucket, place) for place in self.places}
        found = []
        for place, (sums, texts) in said.items():
            state = step_sketches(self._references[place], self._states[place], sums, texts)
            self._states[place] = _bounded(state, thresholds[place.project])
            found.append(_looked(place, "", texts, self._states[place]))
        end_s = hour_s + HOUR_S
        begun = [one for one in since if one.place in said and end_s > one.from_s]
        return found + self._look_since(begun, said, thresholds)

    def _look_since(
        self,
        begun: Sequence[Since],
        said: Mapping[Place, tuple[Floats, float]],
        thresholds: Mapping[str, float],
    ) -> list[Looked]:
        found = []
        for one in begun:
            sums, texts = said[one.place]
            before = _resumed(self._since.get((one.place, one.change), b""), _AT_THE_CHANGE)
            state = step_since(self._references[one.place], before, sums, texts)
            state = _bounded(state, thresholds[one.place.project])
            found.append(_looked(one.place, one.change, texts, state))
        self._since = {(one.place, one.change): one.state for one in found}
        return found


def content_groups(
    references: Mapping[Place, KeptContent], states: Mapping[tuple[Place, str], bytes]
) -> list[ContentGroup]:
    """Return the groups that series make up."""
    alike: dict[int, dict[Place, KeptContent]] = {}
    for place, one in references.items():
        alike.setdefault(one.bucket_h, {})[place] = one
    return [ContentGroup(parts, states) for parts in alike.values()]


def _said(bucket: Bucket, place: Place) -> tuple[Floats, float]:
    """Return the sum of sketches and how many texts; where none are kept it says nothing."""
    found = bucket.sketches.get(place)
    return (found.sums.sum(0), float(found.texts.sum())) if found else (np.zeros(SIZE), 0.0)


def _resumed(packed: bytes, log_m: float) -> SketchState:
    return unpack_sketches(packed) or fresh_sketches(log_m)


def _bounded(state: SketchState, threshold: float) -> SketchState:
    return SketchState(np.minimum(state.log_m, threshold + _BEYOND), state.deviations)


def _looked(place: Place, change: str, texts: float, state: SketchState) -> Looked:
    evidence = float(shared(state.log_m.ravel()))
    bets = state.log_m.astype(np.float32)
    return Looked(place, change, int(texts), evidence, "", True, pack_sketches(state), bets)
