"""The fleet: every series that is known, its reference and its alarms, in memory and written down."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import structlog

from analytics.series.alarming import Floats, is_undone
from analytics.series.content_group import content_groups
from analytics.series.content_learning import learn_content
from analytics.series.counts import HOUR_S, Counts, Filter, Place, Totals, counts, totals
from analytics.series.group import groups
from analytics.series.kept import Kept, Usual
from analytics.series.kept_content import KeptContent
from analytics.series.key import series_id
from analytics.series.learned import Learned, Wanted
from analytics.series.learning import DAY_S, learn, learn_pools
from analytics.series.looked import Watching
from analytics.series.metric import RANK_OF, metric
from analytics.series.policy import Policy
from analytics.series.pools import POOL_MARGIN, Pools, as_member, new_pools, pools_of
from analytics.series.records import Alarm, Records
from analytics.series.references import Reference
from analytics.series.sketched import Sketched, sketched
from analytics.series.tally import NOTHING
from analytics.series.tallying import tallied
from collector.store.store import Store

log = structlog.get_logger(__name__)

# A bucket is a day at most: what has no state since then has not been looked at, and begins anew.
STATES_S = 2 * DAY_S
# Alarms that ended before are in no reference that is still to be learned.
ALARMS = timedelta(days=60)
# What was too sparse to be learned is tried again after so long.
TRIED_AGAIN_S = 7 * DAY_S


class Fleet:
    """Series of all projects.

    Attributes
    ----------
    known
        Every series.
    groups
        Those with a reference, as they are looked at.
    looked_s
        The last hour that an earlier process looked at, 0 for none.
    accepted
        Since when what a series does was accepted: nothing before counts.
    """

    def __init__(self, store: Store, policy: Policy, now_s: int) -> None:
        self._store = store
        self._policy = policy
        self._records = Records(store)
        self._alarms = self._records.alarms(now_s - int(ALARMS.total_seconds()))
        self._tried: dict[Place, int] = {}
        # of open alarms, the best that every bet had; a new process begins with what it has
        self._best: dict[Place, Floats] = {}
        self._judged_s: dict[Place, int] = {}
        self.accepted: dict[Place, int] = {}
        self.known: dict[Place, Learned] = self._records.references()
        self._take(tallied(store, self.known, now_s))
        self._join_pools(now_s)
        self.pools = Pools(self.known)
        self.groups: Sequence[Watching] = ()
        self._dissolve_pools(now_s)
        self.looked_s = self._records.looked_s()
        self.rewind(self.looked_s + HOUR_S)

    def _join_pools(self, now_s: int) -> None:
        """Make members of what an older version learned."""
        now = {
            place: as_member(one, kept, one.until_s)
            for place, one in self.known.items()
            if isinstance(kept := one.reference, Kept) and not one.pool
        }
        members = {place: one for place, one in now.items() if one.pool}
        before = pools_of(self.known)
        self._take(members)
        if members:
            self._take(new_pools(self.known, before, now_s))

    def _dissolve_pools(self, now_s: int) -> None:
        """Forget pools of which every series is watched otherwise by now."""
        gone = {
            place: Learned(one.key, now_s)
            for place, one in self.known.items()
            if one.key.is_pool and one.until_s and place not in self.pools.members
        }
        for place in gone:
            self.end_alarm(place, now_s, "dissolved")
        self._take(gone)

    @property
    def watched(self) -> Counter[str]:
        """How many series of each project have a reference."""
        return Counter(place.project for group in self.groups for place in group.places)

    @property
    def open_alarms(self) -> Mapping[Place, Alarm]:
        """The alarms that are open."""
        found = {place: self.open_alarm(place) for place in self._alarms}
        return {place: alarm for place, alarm in found.items() if alarm}

    def open_alarm(self, place: Place) -> Alarm | None:
        """Return the alarm of a series, None while it does not drift."""
        return next((one for one in self._alarms.get(place, ()) if not one.closed_s), None)

    def told_at(self, now_s: int) -> set[Place]:
        """Return the series that need not be told of: their alarm is open, or ended at a time or later."""
        return {place for place, some in self._alarms.items() if any(_is_open_at(one, now_s) for one in some)}

    def ended_at(self, now_s: int) -> set[Place]:
        """Return the series whose alarm ended at a time, and forget the evidence of them up to then."""
        ended = {place for place, some in self._alarms.items() if any(one.closed_s == now_s for one in some)}
        self._forget(ended)
        return ended

    def _forget(self, places: Collection[Place]) -> None:
        for group in self.groups:
            for place in places:
                group.begin_anew(place)

    def begin_alarm(self, place: Place, alarm: Alarm) -> None:
        """Write an alarm down."""
        self._alarms.setdefault(place, []).append(alarm)
        self._records.write_alarm(place, self.known[place].key, alarm)
        log.info("drift_begins", project=place.project, series=series_id(place.series))

    def is_undone(self, place: Place, hour_s: int, now: Floats) -> bool:
        """Return whether a series with an open alarm is as before again, by its bets after an hour."""
        alarm, best = self.open_alarm(place), self._best.get(place, now)
        # where something came late hours are looked at once more, of which the best is known already
        if alarm is None or hour_s < max(alarm.opened_s, self._judged_s.get(place, 0)):
            return False
        self._judged_s[place] = hour_s
        self._best[place] = np.maximum(best, now) if best.shape == now.shape else now
        return is_undone(now, self._best[place], alarm.bet)

    def end_alarm(self, place: Place, at_s: int, how: str) -> None:
        """Write down that the alarm of a series, if it has one, is over, and how."""
        alarm = self.open_alarm(place)
        if alarm is not None:
            closed = alarm._replace(closed_s=at_s)
            self._alarms[place] = [one for one in self._alarms[place] if one is not alarm] + [closed]
            self._best.pop(place, None)
            self._judged_s.pop(place, None)
            self._forget([place])
            self._records.write_alarm(place, self.known[place].key, closed, how)
            log.info("drift_ends", project=place.project, series=series_id(place.series), how=how)

    def rewind(self, hour_s: int) -> None:
        """Go back to what was known before an hour."""
        self._regroup(self._records.states(max(0, hour_s - STATES_S), hour_s))

    def register(self, midnight_s: int) -> None:
        """Take note of series that began on the day before, or of which something came that is older."""
        start, end = (datetime.fromtimestamp(at, UTC) for at in (midnight_s - DAY_S, midnight_s))
        new: dict[Place, Learned] = {}
        came: dict[Place, Totals | Sketched] = {
            **totals(self._store, start, end),
            **sketched(self._store, start, end),
        }
        for place, one in came.items():
            began_s, known = max(int(one.hours[0]), self.accepted.get(place, 0)), self.known.get(place)
            if known is None or known.reference is None:
                known = known or Learned(one.key, began_s)
                calls = one.calls if isinstance(one, Totals) else one.texts
                tally = known.tally.with_day(midnight_s, calls.sum(), one.traces.sum())
                new[place] = replace(known, from_s=min(began_s, known.from_s), tally=tally)
        self._take(new)

    def learn(self, midnight_s: int) -> None:
        """Learn the references that are due."""
        found: dict[Place, Learned] = {}
        for of, wanted in self._due(midnight_s).items():
            references = self._references(*of, list(wanted.values()))
            found |= {place: self._learned(wanted[place], usual) for place, usual in references.items()}
        if found:
            before = pools_of(self.known)
            self._take(found)
            self._take(new_pools(self.known, before, midnight_s))
            self.pools = Pools(self.known)
            self._dissolve_pools(midnight_s)
            self._regroup(self._states())
            log.info("references_learned", series=len(found))

    def _learned(self, wanted: Wanted, usual: Reference | Usual) -> Learned:
        """Return a series with what was learned of it; what is watched with others keeps its ranks."""
        known, until_s = self.known[wanted.place], int(wanted.end.timestamp())
        if isinstance(usual, Reference):
            from_s = int(wanted.start.timestamp())
            known = replace(known, from_s=from_s, until_s=until_s, reference=usual, tally=NOTHING)
        if known.key.is_pool or isinstance(usual, KeptContent):
            return known
        return as_member(known, usual, until_s)

    def counted(self, place: Place, start: datetime, end: datetime) -> Counts:
        """Return what is counted of a series, or of a pool, in [start, end)."""
        key = self.known[place].key
        if key.is_pool:
            return self.pools.counts(self._store, start, end, place)
        of = Filter(key.project, key.environment, key.metric, [place.series])
        return counts(self._store, start, end, of)[place]

    def begin_anew(self, since_s: Mapping[Place, int], now_s: int) -> None:
        """Forget what series were compared with: what counts begins at these times."""
        anew = {place: Learned(self.known[place].key, at_s) for place, at_s in since_s.items()}
        self._take(anew | tallied(self._store, anew, now_s))
        for place in since_s:
            self._tried.pop(place, None)
        self.pools = Pools(self.known)
        self._dissolve_pools(now_s)
        self._regroup(self._states())

    def _references(
        self, project: str, environment: str, name: str, wanted: Sequence[Wanted]
    ) -> Mapping[Place, Reference | Usual]:
        if metric(name).kind == "content":
            return learn_content(self._store, project, environment, wanted)
        if name.startswith(RANK_OF):
            return learn_pools(self._store, self.pools, wanted)
        return learn(self._store, project, environment, name, wanted)

    def _due(self, midnight_s: int) -> Mapping[tuple[str, str, str], dict[Place, Wanted]]:
        """Return what is to be learned, by project, environment and metric."""
        due: dict[tuple[str, str, str], dict[Place, Wanted]] = {}
        for place, one in self.known.items():
            hours = self._policy.wanted(one, midnight_s)
            pool = Place(place.project, one.pool)
            # a drift must not become what one compares with, unless somebody says so
            drifts = self.open_alarm(place) or self.open_alarm(pool)
            if hours and midnight_s >= self._tried.get(place, 0) and not drifts:
                self._tried[place] = midnight_s + TRIED_AGAIN_S
                start, end = (datetime.fromtimestamp(at, UTC) for at in hours)
                incidents = self._incidents(place) + self._incidents(pool)
                of = one.key.project, one.key.environment, one.key.metric
                due.setdefault(of, {})[place] = Wanted(place, start, end, incidents)
        return due

    def _incidents(self, place: Place) -> list[tuple[int, int]]:
        """Return the hours in which a series was not as usual, but those that were accepted."""
        accepted_s = self.accepted.get(place, 0)
        return [alarm.incident for alarm in self._alarms.get(place, ()) if alarm.began_s > accepted_s]

    def _take(self, learned: Mapping[Place, Learned]) -> None:
        self.known |= learned
        self._records.write_references(learned)

    def _states(self) -> Mapping[tuple[Place, str], bytes]:
        return {key: state for group in self.groups for key, state in group.states().items()}

    def _regroup(self, states: Mapping[tuple[Place, str], bytes]) -> None:
        every = {place: one.reference for place, one in self.known.items()}
        counted = {place: one for place, one in every.items() if isinstance(one, Kept)}
        said = {place: one for place, one in every.items() if isinstance(one, KeptContent)}
        alone = {place: one for place, one in counted.items() if not self.known[place].key.is_pool}
        pooled = {place: one for place, one in counted.items() if self.known[place].key.is_pool}
        self.groups = [
            *groups(alone, states),
            *groups(pooled, states, POOL_MARGIN),
            *content_groups(said, states),
        ]


def _is_open_at(alarm: Alarm, now_s: int) -> bool:
    return not alarm.closed_s or now_s <= alarm.closed_s
