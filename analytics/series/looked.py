"""Looked: what a look says of a series, of whichever kind. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from analytics.series.counts import HOUR_S, Counts, Place
from analytics.series.sketched import Sketched

# By so much evidence exceeds what it takes to alarm, at most, as a logarithm: what is lost of it shows that a
# change is undone.
BEYOND_MAX = 2.0


class Looked(NamedTuple):
    """What a look said of a series, since a known change or, where `change` is empty, all the time.

    Parameters
    ----------
    evidence
        A logarithm.
    score, is_up
        Of the bet that holds most of it; content has no score.
    state
        What is kept for the next look.
    bets : shape (..., sizes)
        Every bet's evidence.
    """

    place: Place
    change: str
    calls: int
    evidence: float
    score: str
    is_up: bool
    state: bytes
    bets: NDArray[np.float32]

    @property
    def winner(self) -> int:
        """Place of the bet that holds most of the evidence, flat."""
        return int(np.argmax(self.bets))


@dataclass(frozen=True, slots=True)
class Since:
    """A series that is compared since a known change."""

    place: Place
    change: str
    from_s: int


class Bucket(NamedTuple):
    """What was counted in a bucket: numbers and categories, and sketches of texts."""

    counts: Mapping[Place, Counts]
    sketches: Mapping[Place, Sketched]


class Watching(Protocol):
    """Series of one kind and bucket that are looked at together, and what is known of each so far."""

    places: list[Place]
    bucket_h: int

    def states(self) -> Mapping[tuple[Place, str], bytes]:
        """Return what is known of every series, all the time and since known changes."""

    def begin_anew(self, place: Place) -> None:
        """Forget the evidence of a series, if it is one of these."""

    def look(
        self, hour_s: int, bucket: Bucket, since: Iterable[Since], thresholds: Mapping[str, float]
    ) -> list[Looked]:
        """Add the evidence of the bucket that ends with an hour, given by its beginning.

        Parameters
        ----------
        thresholds
            By project what it takes to alarm.
        """


def ends_with(bucket_h: int, hour_s: int) -> bool:
    """Return whether a bucket of so many hours ends with this hour, given by its beginning."""
    return (hour_s // HOUR_S + 1) % bucket_h == 0
