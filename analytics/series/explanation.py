"""The explanation of a drift: since when, which part, by how much, after which change, in which traces."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

import numpy as np

from analytics.api.drift_models import (
    BlamedChange,
    Explanation,
    LevelShift,
    MixPart,
    MixVerdict,
    ShareShift,
    WordShift,
)
from analytics.api.models import Deployment
from analytics.drift.effect import Shift, quantile_shift, share_shift
from analytics.drift.mix_verdict import Verdict
from analytics.series.alarming import Judged
from analytics.series.answers import OTHER
from analytics.series.counts import HOUR_S, Counts, Filter, categories, middles_h
from analytics.series.fleet import Fleet
from analytics.series.headline import not_as_before, of_content, of_levels, of_shares, told_share
from analytics.series.in_traces import Hours
from analytics.series.kept import Kept
from analytics.series.kept_content import KeptContent
from analytics.series.key import SeriesKey
from analytics.series.known_changes import at_s, concerns
from analytics.series.learned import Learned
from analytics.series.learning import DAY_S
from analytics.series.moved import Moved, moved_content, moved_counts
from analytics.series.pool_members import NO_MEMBERS, moved_members
from analytics.series.pools import RANK_MAX
from analytics.series.records import Alarm
from analytics.series.shifts import level_shifts, share_shifts
from analytics.series.shown import shown
from analytics.series.strata import has_strata, mix
from collector.store.store import Store

# A drift is looked for in the past so far back.
BACK_S = 14 * DAY_S
# Of what was usual so many days are shown.
DAYS_BEFORE_S = 7 * DAY_S
# A change that was as long before a drift began may be to blame.
BLAMED = timedelta(hours=24)
SHARES_MAX = 20
MEMBERS_MAX = 10
# Of these the changes are told too.
MEMBERS_BLAMED_MAX = 3


class _Effect(NamedTuple):
    """By how much a number or a category moved."""

    levels: Sequence[LevelShift] = ()
    shares: Sequence[ShareShift] = ()
    greater: float | None = None


def explain(
    store: Store,
    fleet: Fleet,
    judged: Judged,
    since_s: int,
    now_s: int,
    changes: Sequence[Deployment],
    *,
    asks_mix: bool,
) -> Alarm:
    """Return the alarm of a series by the look that told it.

    Reads the counts of this series. For the mix it looks through the traces of either time and reads the
    steps of some; for samples of traces it looks through the steps of either time.

    Parameters
    ----------
    since_s
        When the known change was, 0 where the alarm is of none.
    now_s
        End of the hour that was looked at.
    changes
        Known changes, the latest first.
    asks_mix
        Whether steps are asked for the mix of the traffic.
    """
    looked = judged.looked
    learned = fleet.known[looked.place]
    assert learned.reference is not None
    key, from_s = learned.key, max(learned.until_s, now_s - BACK_S, since_s)
    if isinstance(learned.reference, KeptContent):
        moved, effect = moved_content(store, learned.reference, judged, from_s, now_s), _Effect()
    else:
        moved, effect = _of_counts(store, fleet, judged, from_s, now_s)
    before, after = _before(learned, moved), (moved.began_s, now_s)
    pool = moved_members(store, fleet, looked.place, before, after, moved) if key.is_pool else NO_MEMBERS
    members = [one for one in pool.moved if one.calls][:MEMBERS_MAX]
    # of a pool, the traces of what moved most in it
    seen = shown(store, fleet, members[0].place if members else looked.place, before, after, moved)
    categories = _categories(moved, effect)
    found = pool.verdict or _verdict(store, key, before, after, categories, asks_mix=asks_mix)
    explanation = Explanation(
        headline=_headline(key, moved, effect, seen.words),
        moved=moved.score,
        is_up=moved.is_up,
        greater=effect.greater,
        levels=list(effect.levels),
        shares=list(effect.shares),
        verdict=MixVerdict.model_validate(found) if found else None,
        mix=[MixPart.model_validate(part) for part in found.parts] if found else [],
        words=seen.words,
        members=[one.shown for one in members],
        changes=_blamed(changes, learned, moved, {one.shown.agent for one in members[:MEMBERS_BLAMED_MAX]}),
        traces_before=seen.traces_before,
        traces_after=seen.traces_after,
    )
    of_bet = moved.began_s, moved.first_s, moved.last_s, looked.winner
    told = looked.evidence, judged.threshold, explanation.model_dump_json()
    return Alarm(looked.change, now_s - HOUR_S, 0, *of_bet, *told)


def _time(at_s: int) -> datetime:
    return datetime.fromtimestamp(at_s, UTC)


def _before(learned: Learned, moved: Moved) -> Sequence[Hours]:
    """Return the last days of the reference, and those before the drift, where nothing is stored of them."""
    of_reference = max(learned.from_s, learned.until_s - DAYS_BEFORE_S), learned.until_s
    return of_reference, (moved.first_s - DAYS_BEFORE_S, moved.first_s)


def _verdict(
    store: Store,
    key: SeriesKey,
    before: Sequence[Hours],
    after: Hours,
    categories: Sequence[str],
    *,
    asks_mix: bool,
) -> Verdict | None:
    if not has_strata(key, categories):
        return None
    return mix(store, key, before, after, categories) if asks_mix else Verdict("not asked")


def _categories(moved: Moved, effect: _Effect) -> Sequence[str]:
    """Return the category whose share is told, if it is of one that steps have: `other` is many."""
    told = told_share(moved.score, effect.shares).category if effect.shares else ""
    return [told] if told not in ("", OTHER) else []


def unexplained(learned: Learned, judged: Judged, now_s: int) -> Alarm:
    """Return the alarm of a series of which no more can be said than that it drifts."""
    looked = judged.looked
    explanation = Explanation(headline=not_as_before(learned.key), moved=looked.score, is_up=looked.is_up)
    hour_s, bet = now_s - HOUR_S, looked.winner
    told = looked.evidence, judged.threshold, explanation.model_dump_json()
    return Alarm(looked.change, hour_s, 0, hour_s, hour_s, hour_s, bet, *told)


def _of_counts(store: Store, fleet: Fleet, judged: Judged, from_s: int, now_s: int) -> tuple[Moved, _Effect]:
    place = judged.looked.place
    learned = fleet.known[place]
    assert isinstance(learned.reference, Kept)
    key, start, end = learned.key, _time(learned.from_s), _time(now_s)
    of = Filter(key.project, key.environment, key.metric, [place.series])
    counted = fleet.counted(place, start, end)
    moved = moved_counts(learned.reference, counted, judged, from_s, now_s)
    names = categories(store, start, end, of) if key.measure.kind == "category" else {}
    return moved, _effect(learned, counted, moved.began_s, now_s, names)


def _headline(key: SeriesKey, moved: Moved, effect: _Effect, words: Sequence[WordShift]) -> str:
    if key.measure.kind == "content":
        return of_content(key, words)
    return (
        of_shares(key, moved.score, effect.shares)
        if effect.shares
        else of_levels(key, moved.score, effect.levels)
    )


def _effect(learned: Learned, counted: Counts, began_s: int, now_s: int, names: Mapping[int, str]) -> _Effect:
    hours = np.arange(learned.from_s, now_s, HOUR_S)
    items, calls = counted.matrix(hours)
    usual = (hours < learned.until_s) & (calls.sum(1) > 0)
    after = (hours >= began_s) & (calls.sum(1) > 0)
    middles = middles_h(hours, 1)
    windows = calls[usual], middles[usual], calls[after], middles[after]
    if not names:
        shift = quantile_shift(items, *windows)
        return _Effect(level_shifts(_possible(shift, learned.key)), greater=shift.greater)
    words = [names.get(int(item), "") for item in items]
    return _Effect(shares=share_shifts(share_shift(*windows), words, SHARES_MAX))


def _possible(shift: Shift, key: SeriesKey) -> Shift:
    """Return it without ranks beyond the last: their highest bin goes farther."""
    if not key.is_pool:
        return shift
    before, after = (np.minimum(values, RANK_MAX) for values in (shift.before, shift.after))
    return replace(shift, before=before, after=after)


def _blamed(
    changes: Sequence[Deployment], learned: Learned, moved: Moved, agents: Collection[str]
) -> list[BlamedChange]:
    """Return the changes that may be to blame: before the drift can have begun last, not long before it.

    Parameters
    ----------
    agents
        Of the members of a pool that moved most.
    """
    assert learned.reference is not None
    first_s = moved.first_s - BLAMED.total_seconds()
    end_s = moved.last_s + learned.reference.bucket_h * HOUR_S
    near = [one for one in changes if concerns(one, learned.key, agents) and first_s <= at_s(one) < end_s]
    return [
        BlamedChange(**one.model_dump(), hours_before=round((moved.began_s - at_s(one)) / HOUR_S, 1))
        for one in near
    ]
