"""Pools: series that are watched together, in ranks of what was usual of each.

Those that are too sparse to be watched alone pool over agents and subjects of an environment and operation;
those of one model pool over agents, for what its provider changes moves all of them, by little each.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from analytics.drift.bins import bins_of
from analytics.drift.evidence import Margin
from analytics.drift.pooling import RANKS, ranked
from analytics.drift.scores import Scores
from analytics.series.counts import HOUR_S, Counts, Filter, Place, counts, totals
from analytics.series.kept import Usual
from analytics.series.key import SeriesKey
from analytics.series.learned import Learned
from analytics.series.metric import RANK_OF
from collector.store.store import Store

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

# Fewer are no company.
MEMBERS_MIN = 3
# 28 days of counts of as many are in memory, 4 MB each where they are busy.
MEMBERS_AT_ONCE = 20
# drift.md 2.3.10: what moves all members is worth paging for at less than what moves one.
POOL_MARGIN = Margin(smallest=0.01)
# What a model's provider may change, as the calls of all agents show it.
OF_MODELS = ("duration", "time to first token", "output tokens", "reasoning tokens")
RANK_MAX = 100.0
# A rank is counted as percent, in bins like other numbers. Upper ranks share bins, 2 % apart.
_BINS, _BIN_OF = np.unique(bins_of((np.arange(RANKS) + 0.5) * 100 / RANKS), return_inverse=True)


@dataclass(frozen=True, slots=True)
class Member:
    """A series of a pool.

    Parameters
    ----------
    scores
        Of what was usual of it.
    from_s
        Hours that count in the pool: those that its ranks were learned from do not.
    """

    key: SeriesKey
    scores: Scores
    from_s: int

    def ranked(self, counted: Counts) -> Counts:
        """Return counts of the series as counts of ranks."""
        hours = np.unique(counted.hours[counted.hours >= self.from_s])
        items, calls = counted.matrix(hours)
        of_ranks = ranked(self.scores, items, calls)
        of_bins = np.zeros((len(hours), len(_BINS)))
        np.add.at(of_bins.T, _BIN_OF, of_ranks.T)
        hour, place = of_bins.nonzero()
        return Counts(hours[hour], _BINS[place], of_bins[hour, place])


class Pools:
    """The pools of some series.

    Attributes
    ----------
    members
        By pool.
    """

    def __init__(self, known: Mapping[Place, Learned]) -> None:
        self.members: defaultdict[Place, dict[Place, Member]] = defaultdict(dict)
        for place, one in known.items():
            if one.pool and one.usual:
                member = Member(one.key, one.usual.scores(), one.usual_until_s)
                self.members[Place(place.project, one.pool)][place] = member

    @cached_property
    def sparse_agents(self) -> Mapping[Place, set[str]]:
        """The agents of pools of what is too sparse; in a pool of a model the change of one is little."""
        return {
            pool: {one.key.agent for one in members.values()}
            for pool, members in self.members.items()
            if pool.series == pool_of(next(iter(members.values())).key, is_sparse=True)
        }

    def pooled(self, counted: Mapping[Place, Counts], wanted: Iterable[Place]) -> Mapping[Place, Counts]:
        """Return the counts of those that are pools, from those of their members."""
        return {pool: _sum(_ranked(self.members[pool], counted)) for pool in wanted if pool in self.members}

    def counts(self, store: Store, start: datetime, end: datetime, pool: Place) -> Counts:
        """Return what is counted of a pool in [start, end)."""
        hours = np.arange(int(start.timestamp()) // HOUR_S * HOUR_S, int(end.timestamp()), HOUR_S)
        total = np.zeros((len(hours), len(_BINS)))
        for member, counted in self.read(store, start, end, pool):
            one = self.members[pool][member].ranked(counted)
            np.add.at(
                total, (np.searchsorted(hours, one.hours), np.searchsorted(_BINS, one.items)), one.calls
            )
        hour, place = total.nonzero()
        return Counts(hours[hour], _BINS[place], total[hour, place])

    def traces(self, store: Store, start: datetime, end: datetime, pool: Place) -> Floats:
        """Return of how many traces the calls of a pool are at least, in every hour of [start, end).

        A trace may have calls of every member: no more are sure than the member with most has.
        """
        members = self.members.get(pool, {})
        found = totals(store, start, end, _of(pool, members)) if members else {}
        hours = np.arange(int(start.timestamp()), int(end.timestamp()), HOUR_S)
        traces = np.zeros(len(hours))
        for place, one in found.items():
            counted = one.hours >= members[place].from_s
            row = np.searchsorted(hours, one.hours[counted])
            traces[row] = np.maximum(traces[row], one.traces[counted])
        return traces

    def read(
        self, store: Store, start: datetime, end: datetime, pool: Place
    ) -> Iterator[tuple[Place, Counts]]:
        """Yield the members that have counts, with those; some at a time are in memory."""
        every = list(self.members.get(pool, {}).items())
        for first in range(0, len(every), MEMBERS_AT_ONCE):
            some = dict(every[first : first + MEMBERS_AT_ONCE])
            counted = counts(store, start, end, _of(pool, some))
            yield from ((place, counted[place]) for place in some if place in counted)


def pool_of(key: SeriesKey, *, is_sparse: bool) -> int:
    """Return the number of the pool that a series belongs to, 0 for none."""
    if not is_sparse and (not key.subject or not key.agent or key.metric not in OF_MODELS):
        return 0
    names = pool_key(key, is_sparse=is_sparse)[1:]
    # with its length each, for a name may have anything in it
    parts = "".join(f"{len(name)}:{name}" for name in names)
    return int.from_bytes(blake2b(parts.encode(), digest_size=8).digest()) or 1


def pool_key(key: SeriesKey, *, is_sparse: bool) -> SeriesKey:
    """Return the pool of a series: of all agents, and, where they are sparse, of all tools and models.

    Examples
    --------
    >>> key = SeriesKey("default", "prod", "coder", "chat", "gpt-5", "duration")
    >>> pool_key(key, is_sparse=False).what
    'rank of duration of several agents, chat gpt-5'
    """
    subject = "" if is_sparse else key.subject
    return key._replace(agent="", subject=subject, metric=RANK_OF + key.metric)


def as_member(known: Learned, usual: Usual, until_s: int) -> Learned:
    """Return a series as the member of its pool, if it has one; who was a member before keeps its ranks.

    Parameters
    ----------
    usual
        What was usual of it until that time.
    """
    pool = pool_of(known.key, is_sparse=known.reference is None)
    if pool and known.pool == pool and known.usual:
        return known
    if not pool:
        return replace(known, usual=None, usual_until_s=0, pool=0)
    # of a reference what was usual is kept, without its noise
    ranks = Usual(usual.items, usual.calls, usual.names)
    return replace(known, usual=ranks, usual_until_s=until_s, pool=pool)


def pools_of(known: Mapping[Place, Learned]) -> Mapping[Place, list[Learned]]:
    """Return the members of each pool."""
    members: defaultdict[Place, list[Learned]] = defaultdict(list)
    for place, one in known.items():
        if one.pool:
            members[Place(place.project, one.pool)].append(one)
    return members


def new_pools(
    known: Mapping[Place, Learned], before: Mapping[Place, Sequence[Learned]], at_s: int
) -> Mapping[Place, Learned]:
    """Return pools that have enough members now, and do not count yet.

    Parameters
    ----------
    before
        The members that pools had before.
    """

    def counts_already(pool: Place) -> bool:
        return pool in known and (known[pool].until_s > 0 or len(before.get(pool, ())) >= MEMBERS_MIN)

    return {
        pool: Learned(pool_key(some[0].key, is_sparse=some[0].reference is None), at_s)
        for pool, some in pools_of(known).items()
        if len(some) >= MEMBERS_MIN and not counts_already(pool)
    }


def _ranked(members: Mapping[Place, Member], counted: Mapping[Place, Counts]) -> Iterator[Counts]:
    for place, member in members.items():
        if place in counted:
            yield member.ranked(counted[place])


def _sum(parts: Iterable[Counts]) -> Counts:
    every = list(parts)
    hours, items = (
        np.concatenate([np.zeros(0, np.int64), *(getattr(one, name) for one in every)])
        for name in ("hours", "items")
    )
    calls = np.concatenate([np.zeros(0), *(one.calls for one in every)])
    both, place = np.unique(np.stack([hours, items]), axis=1, return_inverse=True)
    return Counts(both[0], both[1], np.bincount(place.ravel(), calls, both.shape[1]).astype(np.float64))


def _of(pool: Place, members: Mapping[Place, Member]) -> Filter:
    key = next(iter(members.values())).key
    return Filter(pool.project, key.environment, key.metric, [place.series for place in members])
