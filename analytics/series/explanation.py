"""The explanation of a drift: since when, which part, by how much, after which change, in which traces."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from analytics.api.drift_models import BlamedChange, Explanation, LevelShift, MemberShift, ShareShift
from analytics.api.models import Deployment
from analytics.drift.change_time import ChangeTime, explained
from analytics.drift.effect import quantile_shift, share_shift
from analytics.drift.evidence import SIZES
from analytics.drift.merging import merged
from analytics.drift.state import unpack
from analytics.series.alarming import Judged, every_bet
from analytics.series.counts import HOUR_S, Counts, Filter, categories, middles_h
from analytics.series.fleet import Fleet
from analytics.series.headline import not_as_before, of_levels, of_shares
from analytics.series.in_traces import mix, samples
from analytics.series.kept import Kept, joined
from analytics.series.known_changes import at_s, concerns
from analytics.series.learning import DAY_S
from analytics.series.pools import Moved
from analytics.series.records import Alarm, Learned
from analytics.series.shifts import level_shifts, share_shifts
from collector.store.store import Store

# A drift is looked for in the past so far back.
BACK_S = 14 * DAY_S
# A change that was as long before a drift began may be to blame.
BLAMED = timedelta(hours=24)
SHARES_MAX = 20
MEMBERS_MAX = 10

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class _Moved(NamedTuple):
    """What moved, which way, and since when, in seconds since the epoch."""

    score: str
    is_up: bool
    began_s: int
    first_s: int
    last_s: int


def explain(
    store: Store, fleet: Fleet, judged: Judged, since_s: int, now_s: int, changes: Sequence[Deployment]
) -> Alarm:
    """Return the alarm of a series by the look that told it.

    Reads the counts of this series alone, and a bounded number of steps.

    Parameters
    ----------
    since_s
        When the known change was, 0 where the alarm is of none.
    now_s
        End of the hour that was looked at.
    changes
        Known changes, the latest first.
    """
    looked = judged.looked
    learned = fleet.known[looked.place]
    assert learned.reference is not None
    key, start, end = learned.key, _time(learned.from_s), _time(now_s)
    counted = fleet.counted(looked.place, start, end)
    moved = _moved(learned.reference, counted, judged, max(learned.until_s, now_s - BACK_S, since_s), now_s)
    of = Filter(key.project, key.environment, key.metric, [looked.place.series])
    names = categories(store, start, end, of) if key.measure.kind == "category" else {}
    levels, shares, greater = _effect(learned, counted, moved.began_s, now_s, names)
    headline = of_shares(key, moved.score, shares) if names else of_levels(key, moved.score, levels)
    before, after = (
        (max(learned.from_s, learned.until_s - 7 * DAY_S), learned.until_s),
        (moved.began_s, now_s),
    )
    is_category = bool(names)
    members = fleet.pools.moved(store, _time(moved.began_s), end, looked.place)[:MEMBERS_MAX]
    # of a pool, the traces of what moved most in it
    shown = members[0].key if members else key
    explanation = Explanation(
        headline=headline,
        moved=moved.score,
        is_up=moved.is_up,
        greater=greater,
        levels=levels,
        shares=shares,
        mix=mix(store, key, before, after),
        members=[_member_shift(one) for one in members],
        changes=_blamed(changes, learned, moved, learned.reference.bucket_h),
        traces_before=samples(store, shown, before, "", is_up=True, is_category=True),
        traces_after=samples(store, shown, after, moved.score, is_up=moved.is_up, is_category=is_category),
    )
    of_bet = moved.began_s, moved.first_s, moved.last_s, int(np.argmax(every_bet(looked.state)))
    return Alarm(
        looked.change,
        now_s - HOUR_S,
        0,
        *of_bet,
        looked.evidence,
        judged.threshold,
        explanation.model_dump_json(),
    )


def _time(at_s: int) -> datetime:
    return datetime.fromtimestamp(at_s, UTC)


def _member_shift(one: Moved) -> MemberShift:
    key = one.key
    return MemberShift(
        agent=key.agent, operation=key.operation, subject=key.subject, calls=one.calls, rank=one.rank
    )


def unexplained(learned: Learned, judged: Judged, now_s: int) -> Alarm:
    """Return the alarm of a series of which no more can be said than that it drifts."""
    looked = judged.looked
    explanation = Explanation(headline=not_as_before(learned.key), moved=looked.score, is_up=looked.is_up)
    hour_s, bet = now_s - HOUR_S, int(np.argmax(every_bet(looked.state)))
    told = looked.evidence, judged.threshold, explanation.model_dump_json()
    return Alarm(looked.change, hour_s, 0, hour_s, hour_s, hour_s, bet, *told)


def _moved(reference: Kept, counted: Counts, judged: Judged, from_s: int, now_s: int) -> _Moved:
    bucket_s = reference.bucket_h * HOUR_S
    hours = np.arange(from_s // bucket_s * bucket_s, now_s, HOUR_S)
    whole = len(hours) // reference.bucket_h * reference.bucket_h
    beginnings = hours[:whole][:: reference.bucket_h]
    items, calls = counted.matrix(hours[:whole])
    one = joined([reference])
    sums = merged(one.scores[0].sums(items, calls), reference.bucket_h)[:, None]
    n = merged(calls.sum(1), reference.bucket_h)[:, None]
    scores = len(one.scores[0].names)
    state = unpack(judged.looked.state, (scores, 2, len(SIZES)))
    assert state is not None
    name, direction, at = explained(one, 0, middles_h(beginnings, reference.bucket_h), sums, n, state[None])
    return _Moved(name, direction > 0, *_seconds(at, beginnings))


def _seconds(at: ChangeTime, beginnings: Ints) -> tuple[int, int, int]:
    return int(beginnings[at.bucket]), int(beginnings[at.first]), int(beginnings[at.last])


def _effect(
    learned: Learned, counted: Counts, began_s: int, now_s: int, names: Mapping[int, str]
) -> tuple[list[LevelShift], list[ShareShift], float | None]:
    hours = np.arange(learned.from_s, now_s, HOUR_S)
    items, calls = counted.matrix(hours)
    usual = (hours < learned.until_s) & (calls.sum(1) > 0)
    after = (hours >= began_s) & (calls.sum(1) > 0)
    middles = middles_h(hours, 1)
    windows = calls[usual], middles[usual], calls[after], middles[after]
    if not names:
        shift = quantile_shift(items, *windows)
        return level_shifts(shift), [], shift.greater
    words = [names.get(int(item), "") for item in items]
    return [], share_shifts(share_shift(*windows), words, SHARES_MAX), None


def _blamed(
    changes: Sequence[Deployment], learned: Learned, moved: _Moved, bucket_h: int
) -> list[BlamedChange]:
    """Return the changes that may be to blame: before the drift can have begun last, not long before it."""
    first_s, end_s = moved.first_s - BLAMED.total_seconds(), moved.last_s + bucket_h * HOUR_S
    near = [one for one in changes if concerns(one, learned.key) and first_s <= at_s(one) < end_s]
    return [
        BlamedChange(**one.model_dump(), hours_before=round((moved.began_s - at_s(one)) / HOUR_S, 1))
        for one in near
    ]
