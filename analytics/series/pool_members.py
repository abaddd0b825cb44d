"""Members of a pool that moved: which, how far, and whether by what they do or by how much they send."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import NamedTuple

import numpy as np

from analytics.api.drift_models import MemberShift, MixPart
from analytics.drift.bins import values_at
from analytics.drift.mix import kitagawa
from analytics.series.counts import Counts, Place
from analytics.series.in_traces import Hours, first_kept
from analytics.series.key import SeriesKey
from analytics.series.pools import RANK_MAX, Pools
from collector.store.store import Store


class _Ranks(NamedTuple):
    """Calls of a member in a time, and the mean and the median of their ranks."""

    calls: float
    mean: float
    median: float


class MovedMember(NamedTuple):
    """A member of a pool: its calls since a time, and which percent of its usual ones the median exceeds.

    Parameters
    ----------
    mix, behaviour
        Its parts in the difference of the pool's mean rank, in percent points.
    """

    place: Place
    key: SeriesKey
    calls: int
    rank: float
    mix: float
    behaviour: float

    @property
    def shown(self) -> MemberShift:
        """It as the API answers."""
        key = self.key
        return MemberShift(
            agent=key.agent,
            operation=key.operation,
            subject=key.subject,
            calls=self.calls,
            rank=self.rank,
            mix=self.mix,
            behaviour=self.behaviour,
        )


def moved_members(
    store: Store, pools: Pools, pool: Place, before: Sequence[Hours], after: Hours
) -> Sequence[MovedMember]:
    """Return the members of a pool, those that moved most first, those without calls since last.

    Parameters
    ----------
    before
        Times of before: the first of which counts are stored.
    """

    def ranks(hours: Hours) -> dict[Place, _Ranks]:
        return dict(_ranks(store, pools, pool, hours))

    then, now = first_kept(ranks, before), ranks(after)
    if not (then and now):
        return []
    places = list(then | now)
    sides = [[side.get(place, _Ranks(0, 0, 0)) for place in places] for side in (then, now)]
    calls = np.array([[one.calls for one in side] for side in sides])
    means = np.array([[one.mean for one in side] for side in sides])
    mix, behaviour = kitagawa(calls / calls.sum(1, keepdims=True), means)
    members = pools.members[pool]
    found = [
        MovedMember(place, members[place].key, int(one.calls), one.median, float(share), float(does))
        for place, one, share, does in zip(places, sides[1], mix, behaviour, strict=True)
    ]
    return sorted(found, key=lambda one: -abs(one.rank - 50) * one.calls**0.5)


def mix_of_members(members: Sequence[MovedMember]) -> list[MixPart]:
    """Return the parts of all: another mix of members that are as ever moves nothing."""
    if len(members) < 2:
        return []
    mix, behaviour = (sum(getattr(one, part) for one in members) for part in ("mix", "behaviour"))
    return [MixPart(by="series", mix=mix, behaviour=behaviour)]


def _ranks(store: Store, pools: Pools, pool: Place, hours: Hours) -> Iterator[tuple[Place, _Ranks]]:
    start, end = (datetime.fromtimestamp(at_s, UTC) for at_s in hours)
    members: Mapping[Place, object] = pools.members.get(pool, {})
    if not members:
        return
    for place, counted in pools.read(store, start, end, pool):
        of_ranks = pools.members[pool][place].ranked(counted)
        if len(of_ranks.items):
            yield place, _of(of_ranks)


def _of(of_ranks: Counts) -> _Ranks:
    order = np.argsort(of_ranks.items)
    values = np.minimum(values_at(of_ranks.items[order]), RANK_MAX)
    calls = of_ranks.calls[order]
    upto = np.cumsum(calls)
    median = values[int(np.searchsorted(upto, upto[-1] / 2))]
    return _Ranks(float(upto[-1]), float(values @ calls / upto[-1]), float(median))
