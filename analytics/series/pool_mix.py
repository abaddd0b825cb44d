"""The mix of a pool: whether its members' ranks moved, or who of them sends how much. Pure."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from analytics.drift.bins import values_at
from analytics.drift.mix import kitagawa
from analytics.drift.mix_strata import Calls, alike_hours
from analytics.drift.mix_verdict import Verdict, verdict
from analytics.series.counts import HOUR_S, Counts
from analytics.series.pools import RANK_MAX

Floats = NDArray[np.float64]

# What a member sends in an hour is drawn as a whole, for its traces are not in counts; so many are at once.
_DRAWN_MAX = 2_000
_BY = "series"
# More than there are since the epoch.
_HOURS = 2**32


def calls_of_members(ranks: Sequence[Counts]) -> Calls:
    """Return the ranks of all members, by the hour; a stratum is a member, named by its place.

    Parameters
    ----------
    ranks
        Of each member; of some there may be none.
    """
    sizes = [len(one.items) for one in ranks]
    hours, items, calls = (
        np.concatenate([getattr(one, part) for one in ranks]) for part in ("hours", "items", "calls")
    )
    of_member = np.repeat(np.arange(len(ranks)), sizes)
    cells, cell = np.unique(of_member * _HOURS + hours // HOUR_S, return_inverse=True)
    member, hour = np.divmod(cells, _HOURS)
    values = np.minimum(values_at(items), RANK_MAX)
    n, totals = (
        np.asarray(np.bincount(cell, some, len(cells)), np.float64) for some in (calls, values * calls)
    )
    drawn = np.arange(len(cells)) % _DRAWN_MAX
    return Calls(drawn, hour.astype(np.float64), n, totals, {_BY: member.astype(object)})


def parts_of_members(before: Calls, after: Calls, members: int) -> tuple[Floats, Floats]:
    """Return what each member has in the difference of the mean rank: by its share, and by what it does."""
    sums = [
        [
            np.bincount(calls.strata[_BY].astype(np.int64), weights * some, members)
            for some in (calls.n, calls.totals)
        ]
        for calls, weights in zip((before, after), alike_hours(before, after), strict=True)
    ]
    n, totals = np.array(sums).swapaxes(0, 1)
    means = np.divide(totals, n, out=np.zeros_like(n), where=n > 0)
    return kitagawa(n / n.sum(1, keepdims=True), means)


def verdict_of_members(before: Calls, after: Calls, names: Sequence[str]) -> Verdict | None:
    """Return whether it is another mix of members; who sends more and is as ever moves nothing."""
    found = verdict(before, after)
    new = [replace(one, name=names[int(one.name)]) for one in found.new] if found else []
    return replace(found, new=new) if found else None
