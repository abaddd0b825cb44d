"""The monitor: looks at each hour that is over and counted, and tells which series begin to drift."""

import time
from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime

import structlog

from analytics.deployments.known import Changes
from analytics.series.accepted import AcceptedDrift
from analytics.series.alarming import Judged, beginning, of_alarms, since_change_threshold
from analytics.series.content_group import ContentGroup
from analytics.series.counts import HOUR_S, Place, counts
from analytics.series.explanation import explain, unexplained
from analytics.series.fleet import Fleet
from analytics.series.key import SeriesKey, series_id
from analytics.series.known_changes import compared_since, period_before, series_of
from analytics.series.learning import DAY_S
from analytics.series.looked import Bucket, Since, ends_with
from analytics.series.policy import Policy
from analytics.series.records import Records
from analytics.series.sketched import sketched
from analytics.series.summaries import Summaries, over
from collector.deletion.kept import FOR_EVER, Kept
from collector.store.store import Store

log = structlog.get_logger(__name__)

# Hours are looked at for so long, before others have their turn.
GOING_S_MAX = 5.0
# Of alarms of one look steps are asked for the mix of the traffic until so long after the first.
MIXES_S_MAX = 5.0


class Monitor:
    """Follows the counts hour by hour.

    A look at an hour costs its counts and the series, whatever is stored and however many spans are
    behind the counts. What alarms is explained, once, from steps. References are learned at midnight, when
    they are due.

    Parameters
    ----------
    changes
        Returns the known changes of a project in a period, the latest first.
    accepted
        Returns what was accepted at a time or later.
    kept
        How long each project keeps the steps that are counted.
    """

    def __init__(
        self,
        store: Store,
        policy: Policy,
        changes: Changes,
        accepted: Callable[[datetime], Iterable[AcceptedDrift]],
        kept: Kept = FOR_EVER,
    ) -> None:
        self._store = store
        self._policy = policy
        self._changes = changes
        self._accepted = accepted
        self._records = Records(store)
        self._summaries = Summaries(store, kept)
        self._ended: deque[datetime] = deque()
        self._fleet: Fleet | None = None
        self._since: Sequence[Since] | None = None
        self._next_s = 0
        self._accepted_until = datetime.fromtimestamp(0, UTC)

    def touch(self, ends: Iterable[datetime]) -> None:
        """Take note of hours in which spans ended that were assembled since the last call, by any thread."""
        self._ended.extend(ends)

    def record(self, until: datetime) -> float:
        """Count and look at the hours that are over; return the seconds of them that are left."""
        began_s = time.monotonic()
        self._summaries.touch([self._ended.popleft() for _ in range(len(self._ended))])
        anew = self._summaries.refresh(until)
        counted_s = int(self._summaries.counted_until(until).timestamp())
        if self._fleet is None:
            self._fleet = Fleet(self._store, self._policy, counted_s)
            looked_s = self._fleet.looked_s
            self._next_s = looked_s + HOUR_S if looked_s else self._summaries.first_s() or counted_s
        if anew and int(min(anew).timestamp()) < self._next_s:
            self._rewind(self._fleet, int(min(anew).timestamp()))
        self._accept(self._fleet, counted_s)
        while self._next_s < counted_s and time.monotonic() - began_s < GOING_S_MAX:
            self._next_s = self._advance(self._fleet, self._next_s, counted_s)
        return max(0.0, over(until).timestamp() - self._next_s)

    def _rewind(self, fleet: Fleet, hour_s: int) -> None:
        """Look once more, from an hour on in which something came late."""
        fleet.rewind(hour_s)
        self._next_s, self._since = hour_s, None

    def _advance(self, fleet: Fleet, hour_s: int, counted_s: int) -> int:
        """Look at an hour, or pass over a day in which nothing is watched; return the next hour."""
        if hour_s % DAY_S == 0:
            fleet.register(hour_s)
            fleet.learn(hour_s)
        if not fleet.groups:
            return min(counted_s, (hour_s // DAY_S + 1) * DAY_S)
        self._look(fleet, hour_s)
        return hour_s + HOUR_S

    def _look(self, fleet: Fleet, hour_s: int) -> None:
        # of the past once a day: what traces show of changes is asked of all their counts
        if self._since is None or hour_s % DAY_S == 0 or time.time() - hour_s < DAY_S:
            self._since = self._compared_since(fleet, hour_s + HOUR_S)
        judged = self._judged(fleet, hour_s)
        begin = beginning(judged, fleet.told_at(hour_s + HOUR_S))
        self._end(fleet, judged, hour_s)
        ended = fleet.ended_at(hour_s + HOUR_S)
        # what ends begins anew, after a restart too
        self._records.write_looks(
            hour_s, [one.anew() if one.looked.place in ended else one for one in judged]
        )
        began_s = time.monotonic()
        for one in begin:
            asks_mix = time.monotonic() - began_s < MIXES_S_MAX
            self._tell(fleet, one, hour_s + HOUR_S, asks_mix=asks_mix)

    def _end(self, fleet: Fleet, judged: Sequence[Judged], hour_s: int) -> None:
        """End the alarms of what is as before."""
        for place, one in of_alarms(judged, fleet.open_alarms).items():
            if fleet.is_undone(place, hour_s, one.looked.bets):
                fleet.end_alarm(place, hour_s + HOUR_S, "returned")

    def _judged(self, fleet: Fleet, hour_s: int) -> list[Judged]:
        watched, since = fleet.watched, self._since or ()
        of_changes = series_of(since)
        buckets: dict[int, Bucket] = {}
        judged: list[Judged] = []
        for group in fleet.groups:
            if not ends_with(group.bucket_h, hour_s):
                continue
            if group.bucket_h not in buckets:
                buckets[group.bucket_h] = self._bucket(fleet, hour_s, group.bucket_h)
            usual = {project: self._policy.threshold(n, group.bucket_h) for project, n in watched.items()}
            for one in group.look(hour_s, buckets[group.bucket_h], since, usual):
                of_change = since_change_threshold(of_changes[one.place.project, one.change])
                judged.append(Judged(one, of_change if one.change else usual[one.place.project]))
        return judged

    def _bucket(self, fleet: Fleet, hour_s: int, bucket_h: int) -> Bucket:
        """Return what was counted in the bucket that ends with an hour."""
        end_s = hour_s + HOUR_S
        start, end = (datetime.fromtimestamp(at, UTC) for at in (end_s - bucket_h * HOUR_S, end_s))
        counted = counts(self._store, start, end)
        looking = [group for group in fleet.groups if group.bucket_h == bucket_h]
        pooled = fleet.pools.pooled(counted, (place for group in looking for place in group.places))
        of_texts = any(isinstance(group, ContentGroup) for group in looking)
        texts = sketched(self._store, start, end) if of_texts else {}
        return Bucket({**counted, **pooled}, texts)

    def _compared_since(self, fleet: Fleet, until_s: int) -> list[Since]:
        of_projects: defaultdict[str, dict[Place, SeriesKey]] = defaultdict(dict)
        for group in fleet.groups:
            for place in group.places:
                of_projects[place.project][place] = fleet.known[place].key
        period = period_before(until_s)
        return [
            since
            for project, series in of_projects.items()
            for since in compared_since(self._changes(project, period), series, fleet.pools.sparse_agents)
        ]

    def _tell(self, fleet: Fleet, one: Judged, now_s: int, *, asks_mix: bool) -> None:
        place, change = one.looked.place, one.looked.change
        since_s = next(
            (each.from_s for each in self._since or () if (each.place, each.change) == (place, change)), 0
        )
        changes = self._changes(place.project, period_before(now_s))
        try:
            alarm = explain(self._store, fleet, one, since_s, now_s, changes, asks_mix=asks_mix)
        except Exception:
            # its counts may have been erased; that it drifts is known all the same
            log.exception("drift_not_explained", series=series_id(place.series))
            alarm = unexplained(fleet.known[place], one, now_s)
        fleet.begin_alarm(place, alarm)

    def _accept(self, fleet: Fleet, now_s: int) -> None:
        """Begin anew where a drift was taken for the new normal."""
        now = datetime.now(UTC)
        for one in self._accepted(self._accepted_until):
            place, since_s = Place(one.project, one.series), int(one.since.timestamp())
            alarm = fleet.open_alarm(place)
            if alarm and place in fleet.known and since_s <= fleet.known[place].from_s:
                # from before what it is compared with: what it began to do is what is meant
                since_s = alarm.began_s
            fleet.accepted[place] = max(since_s, fleet.accepted.get(place, 0))
            if alarm and alarm.opened_s <= one.at.timestamp():
                fleet.end_alarm(place, now_s, "accepted")
        anew = {
            place: since_s
            for place, since_s in fleet.accepted.items()
            if place in fleet.known and fleet.known[place].from_s < since_s
        }
        if anew:
            fleet.begin_anew(anew, now_s)
        self._accepted_until = now
