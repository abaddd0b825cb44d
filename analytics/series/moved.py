"""What moved in a series that alarms, which way, and since when."""

from datetime import UTC, datetime
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from analytics.drift.change_time import ChangeTime, explained
from analytics.drift.evidence import SIZES
from analytics.drift.merging import merged
from analytics.drift.sketches import sketches_began
from analytics.drift.state import unpack
from analytics.series.alarming import Judged
from analytics.series.counts import HOUR_S, Counts, Filter, middles_h
from analytics.series.kept import Kept, joined
from analytics.series.kept_content import KeptContent
from analytics.series.sketched import sketched
from collector.store.store import Store

Ints = NDArray[np.int64]


class Moved(NamedTuple):
    """What moved, which way, and since when, in seconds since the epoch; of content there is no score."""

    score: str
    is_up: bool
    began_s: int
    first_s: int
    last_s: int

    @property
    def is_largest(self) -> bool:
        """Whether the largest values show it, not the smallest."""
        return self.is_up != self.score.startswith("lower")


def moved_counts(reference: Kept, counted: Counts, judged: Judged, from_s: int, now_s: int) -> Moved:
    """Return what moved of numbers or categories, in [from, now)."""
    hours, beginnings = _whole(reference.bucket_h, from_s, now_s)
    items, calls = counted.matrix(hours)
    one = joined([reference])
    sums = merged(one.scores[0].sums(items, calls), reference.bucket_h)[:, None]
    n = merged(calls.sum(1), reference.bucket_h)[:, None]
    scores = len(one.scores[0].names)
    state = unpack(judged.looked.state, (scores, 2, len(SIZES)))
    assert state is not None
    name, direction, at = explained(one, 0, middles_h(beginnings, reference.bucket_h), sums, n, state[None])
    return Moved(name, direction > 0, *_seconds(at, beginnings))


def moved_content(store: Store, reference: KeptContent, judged: Judged, from_s: int, now_s: int) -> Moved:
    """Return since when texts say something else, in [from, now)."""
    looked = judged.looked
    hours, beginnings = _whole(reference.bucket_h, from_s, now_s)
    start, end = (datetime.fromtimestamp(at, UTC) for at in (int(beginnings[0]), now_s))
    of = Filter(looked.place.project, series=[looked.place.series])
    sums, texts = sketched(store, start, end, of)[looked.place].matrix(hours)
    buckets = merged(sums, reference.bucket_h), merged(texts, reference.bucket_h)
    at = sketches_began(reference.reference(), *buckets, looked.winner)
    return Moved(looked.score, looked.is_up, *_seconds(at, beginnings))


def _whole(bucket_h: int, from_s: int, now_s: int) -> tuple[Ints, Ints]:
    """Return the hours of whole buckets, and where each bucket begins."""
    bucket_s = bucket_h * HOUR_S
    hours = np.arange(from_s // bucket_s * bucket_s, now_s, HOUR_S)
    hours = hours[: len(hours) // bucket_h * bucket_h]
    return hours, hours[::bucket_h]


def _seconds(at: ChangeTime, beginnings: Ints) -> tuple[int, int, int]:
    return int(beginnings[at.bucket]), int(beginnings[at.first]), int(beginnings[at.last])
