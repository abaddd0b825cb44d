"""Members of a pool that moved: which, how surely, and whether by what they do or by how much they send."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import NamedTuple

import numpy as np

from analytics.api.drift_models import MemberShift
from analytics.drift.bins import values_at
from analytics.drift.mix_verdict import Verdict
from analytics.drift.scores import Scores
from analytics.series.counts import Counts, Place
from analytics.series.fleet import Fleet
from analytics.series.in_traces import Hours, first_kept
from analytics.series.kept import Kept
from analytics.series.key import SeriesKey
from analytics.series.moved import Moved
from analytics.series.pool_mix import calls_of_members, parts_of_members, verdict_of_members
from analytics.series.pools import RANK_MAX, Pools
from collector.store.store import Store


class _Ranks(NamedTuple):
    """Calls of a member since, the median of their ranks, and how surely they moved.

    Parameters
    ----------
    deviation
        By how many standard errors their mean of the score that moved is off, the way that it moved.
    """

    calls: float
    median: float
    deviation: float


_NONE = _Ranks(0, 0, -np.inf)
_NOTHING = Counts(np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0))


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


class Members(NamedTuple):
    """Members of a pool, those that surest moved as it did first, and whether it is another mix of them."""

    moved: Sequence[MovedMember]
    verdict: Verdict | None


NO_MEMBERS = Members([], None)


def moved_members(
    store: Store, fleet: Fleet, pool: Place, before: Sequence[Hours], after: Hours, moved: Moved
) -> Members:
    """Return the members of a pool with what each has in the difference; those without calls since are last.

    Parameters
    ----------
    before
        Times of before: the first of which counts are stored.
    """
    reference = fleet.known[pool].reference
    assert isinstance(reference, Kept)
    scores = reference.scores()

    def ranks(hours: Hours) -> dict[Place, Counts]:
        return dict(_ranked(store, fleet.pools, pool, hours))

    then, now = first_kept(ranks, before), ranks(after)
    if not (then and now):
        return NO_MEMBERS
    places, members = list(then | now), fleet.pools.members[pool]
    usual, since = (calls_of_members([side.get(place, _NOTHING) for place in places]) for side in (then, now))
    parts = zip(*parts_of_members(usual, since, len(places)), strict=True)
    ranked = {place: _of(one, _deviation(scores, moved, one)) for place, one in now.items()}
    every = [ranked.get(place, _NONE) for place in places]
    found = [
        MovedMember(place, members[place].key, int(one.calls), one.median, float(mix), float(behaviour))
        for place, one, (mix, behaviour) in zip(places, every, parts, strict=True)
    ]
    names = [f"{one.key.agent} {one.key.subject}".strip() for one in found]
    surest = sorted(found, key=lambda one: -ranked.get(one.place, _NONE).deviation)
    return Members(surest, verdict_of_members(usual, since, names))


def _ranked(store: Store, pools: Pools, pool: Place, hours: Hours) -> Iterator[tuple[Place, Counts]]:
    start, end = (datetime.fromtimestamp(at_s, UTC) for at_s in hours)
    members: Mapping[Place, object] = pools.members.get(pool, {})
    if not members:
        return
    for place, counted in pools.read(store, start, end, pool):
        of_ranks = pools.members[pool][place].ranked(counted)
        if len(of_ranks.items):
            yield place, of_ranks


def _deviation(scores: Scores, moved: Moved, of_ranks: Counts) -> float:
    """Return by how many standard errors the mean score of some calls is off, the way that it moved.

    Parameters
    ----------
    scores
        Of the pool's reference, under which the score that moved has a mean of zero.
    """
    score = scores.values[:, scores.names.index(moved.score)]
    spread = np.sqrt(scores.share @ score**2 * of_ranks.calls.sum())
    off = of_ranks.calls @ score[scores.rows(of_ranks.items)] / spread
    return float(off if moved.is_up else -off)


def _of(of_ranks: Counts, deviation: float) -> _Ranks:
    order = np.argsort(of_ranks.items)
    values = np.minimum(values_at(of_ranks.items[order]), RANK_MAX)
    calls = of_ranks.calls[order]
    upto = np.cumsum(calls)
    median = values[int(np.searchsorted(upto, upto[-1] / 2))]
    return _Ranks(float(upto[-1]), float(median), deviation)
