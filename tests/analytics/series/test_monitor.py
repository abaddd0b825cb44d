"""From counts to alarms: learned, watched, told, explained, over, accepted; on a real store."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pytest

from analytics.api.drift_models import Explanation
from analytics.api.models import Deployment
from analytics.series import explanation as explaining
from analytics.series import monitor as watching
from analytics.series.accepted import AcceptedDrift
from analytics.series.counts import counts
from analytics.series.monitor import Monitor
from analytics.series.policy import Policy
from analytics.series.records import Alarm, Records
from analytics.series.references import stored_reference
from collector.store.store import Store
from tests.analytics.series.invented import DAY_S, HOUR_S, KEY, OUTCOME, categories, lognormal, numbers, write

# A midnight: counts are kept for 70 days.
BEGAN_S = int(datetime.now(UTC).timestamp()) // DAY_S * DAY_S - 50 * DAY_S
CHANGED_S = BEGAN_S + 9 * DAY_S + 10 * HOUR_S


def fill(store: Store, hours: int, of: Callable[[int], list[dict[str, Any]]]) -> None:
    rows = [row for number in range(hours) for row in of(BEGAN_S + number * HOUR_S)]
    write(store, rows)


def slower(chance: np.random.Generator, factor: float, until_s: int = 2**40) -> Callable[[int], Any]:
    """Calls of half a second, of which all take longer from some time on."""

    def of(hour_s: int) -> Any:
        changed = CHANGED_S <= hour_s < until_s
        return numbers(KEY, hour_s, lognormal(hour_s, 100, 0.5 * (factor if changed else 1), chance))

    return of


class Watched:
    """A monitor as of a day after another."""

    def __init__(
        self,
        store: Store,
        changes: Sequence[Deployment] = (),
        accepted: Sequence[AcceptedDrift] = (),
        **policy: Any,
    ) -> None:
        self.store = store
        self.monitor = Monitor(
            store, Policy(days=14, days_min=7, **policy), lambda *_: changes, lambda _: accepted
        )

    def comes_late(self, hour_s: int) -> None:
        """Something ended in an hour that was looked at."""
        self.monitor.touch([datetime.fromtimestamp(hour_s + 60, UTC)])

    def until(self, at_s: int) -> list[Alarm]:
        """Look at all hours before a time, and return the alarms that are open or were."""
        now = datetime.fromtimestamp(at_s, UTC) + timedelta(minutes=5)
        while self.monitor.record(now):
            pass
        return [alarm for some in Records(self.store).alarms(0).values() for alarm in some]


def explanation(alarm: Alarm) -> Explanation:
    return Explanation.model_validate_json(alarm.explanation)


def test_calls_that_take_longer_are_told_within_hours_with_when_and_how_much(store: Store) -> None:
    fill(store, 11 * 24, slower(np.random.default_rng(1), 1.5))

    (alarm,) = Watched(store).until(BEGAN_S + 11 * DAY_S)

    found = explanation(alarm)
    (median,) = [one for one in found.levels if one.level == 0.5]
    assert CHANGED_S <= alarm.opened_s <= CHANGED_S + 8 * HOUR_S
    assert abs(alarm.began_s - CHANGED_S) <= 2 * HOUR_S
    assert (found.moved, found.is_up) == ("location", True)
    assert 1.3 < median.after / median.before < 1.7
    assert found.headline.startswith("Duration of coder, chat gpt-5: the median went from ")


def test_what_is_as_ever_is_not_told_and_nothing_is_watched_before_enough_days(store: Store) -> None:
    fill(store, 11 * 24, slower(np.random.default_rng(2), 1.0))
    watched = Watched(store)

    early = watched.until(BEGAN_S + 6 * DAY_S)
    looked_early = list(store.query("SELECT count() AS looks FROM drift_looks"))
    late = watched.until(BEGAN_S + 11 * DAY_S)
    (looked,) = store.query(
        "SELECT count() AS looks, min(hour) AS first FROM drift_looks WHERE project != ''"
    )

    assert early == late == []
    assert looked_early == [{"looks": 0}]
    assert looked["looks"] == 4 * 24


def test_errors_that_come_more_often_are_told_by_their_name(store: Store) -> None:
    chance = np.random.default_rng(3)

    def of(hour_s: int) -> Any:
        share = 0.05 if hour_s >= CHANGED_S else 0.01
        return categories(
            OUTCOME, hour_s, np.where(chance.random(chance.poisson(100)) < share, "TimeoutError", "ok")
        )

    fill(store, 12 * 24, of)

    (alarm,) = Watched(store).until(BEGAN_S + 12 * DAY_S)

    found = explanation(alarm)
    assert "went from" in found.headline
    assert {one.category for one in found.shares} == {"ok", "TimeoutError"}
    assert CHANGED_S <= alarm.opened_s <= CHANGED_S + 40 * HOUR_S


def test_it_is_over_when_it_is_as_before_again(store: Store) -> None:
    fill(store, 12 * 24, slower(np.random.default_rng(4), 2.0, until_s=CHANGED_S + 20 * HOUR_S))

    (alarm,) = Watched(store).until(BEGAN_S + 12 * DAY_S)

    assert CHANGED_S + 20 * HOUR_S < alarm.closed_s <= CHANGED_S + 40 * HOUR_S


def test_a_process_that_begins_anew_goes_on_where_the_last_one_was(store: Store) -> None:
    fill(store, 11 * 24, slower(np.random.default_rng(1), 1.5))
    at_once = Watched(store).until(BEGAN_S + 11 * DAY_S)
    looks = list(
        store.query("SELECT hour, evidence FROM drift_looks FINAL WHERE project != '' ORDER BY hour")
    )
    for table in ("drift_looks", "drift_alarms", "drift_references"):
        store.command(f"TRUNCATE TABLE {table}")

    for day in (6, 8, 9, 10, 11):
        by_and_by = Watched(store).until(BEGAN_S + day * DAY_S)

    again = list(
        store.query("SELECT hour, evidence FROM drift_looks FINAL WHERE project != '' ORDER BY hour")
    )
    assert [one["hour"] for one in again] == [one["hour"] for one in looks]
    assert [one["evidence"] for one in again] == pytest.approx([one["evidence"] for one in looks], abs=0.01)
    assert [one.opened_s for one in by_and_by] == [one.opened_s for one in at_once]


def test_a_known_change_is_blamed_and_what_follows_it_is_told_sooner(store: Store) -> None:
    fill(store, 14 * 24, slower(np.random.default_rng(5), 1.12))
    known = Deployment(
        id="d1",
        source="reported",
        what="deployment",
        environment="",
        agent="coder",
        version="1.4.2",
        note="",
        at=datetime.fromtimestamp(CHANGED_S, UTC).isoformat(),
    )

    (unknown,) = Watched(store, budget="one per 10 years").until(BEGAN_S + 14 * DAY_S)
    for table in ("drift_looks", "drift_alarms", "drift_references"):
        store.command(f"TRUNCATE TABLE {table}")
    (blamed,) = Watched(store, [known], budget="one per 10 years").until(BEGAN_S + 14 * DAY_S)

    assert blamed.opened_s < unknown.opened_s
    assert blamed.change == "d1"
    assert [one.version for one in explanation(blamed).changes] == ["1.4.2"]


def test_the_new_normal_ends_the_alarm_and_is_learned(store: Store) -> None:
    fill(store, 19 * 24, slower(np.random.default_rng(6), 1.5))
    (alarm,) = Watched(store).until(BEGAN_S + 11 * DAY_S)
    (place,) = Records(store).references()

    since, now = datetime.fromtimestamp(alarm.began_s, UTC), datetime.now(UTC)
    accepted = Watched(store, accepted=[AcceptedDrift(*place, since, now, "ada", "a larger model")])
    (closed,) = accepted.until(BEGAN_S + 12 * DAY_S)
    (warming,) = Records(store).references().values()
    alarms = accepted.until(BEGAN_S + 19 * DAY_S)
    (learned,) = Records(store).references().values()

    assert closed.closed_s == BEGAN_S + 12 * DAY_S
    assert warming.reference is None
    assert Policy(days_min=7).days_left(warming, BEGAN_S + 12 * DAY_S) == 5
    assert learned.reference is not None
    assert len(alarms) == 1


def test_an_hour_that_is_counted_again_replaces_what_was_counted(store: Store) -> None:
    rows = numbers(KEY, BEGAN_S, np.full(10, 0.5))
    write(store, rows, counted=1)
    write(store, numbers(KEY, BEGAN_S, np.full(7, 2.0)), counted=2)

    day = datetime.fromtimestamp(BEGAN_S, UTC)
    (found,) = counts(store, day, day + timedelta(days=1)).values()

    assert found.calls.tolist() == [7.0]


def test_what_came_late_is_looked_at_and_a_series_that_warms_up_keeps_its_beginning(store: Store) -> None:
    quick, slow = slower(np.random.default_rng(8), 1.0), slower(np.random.default_rng(9), 1.6)
    fill(store, 9 * 24 + 12, quick)
    watched = Watched(store)
    watched.until(BEGAN_S + 3 * DAY_S)
    watched.comes_late(BEGAN_S + 2 * DAY_S + 5 * HOUR_S)
    watched.until(BEGAN_S + 4 * DAY_S)
    (warming,) = Records(store).references().values()
    before = watched.until(BEGAN_S + 10 * DAY_S)

    late = [row for number in range(9 * 24 + 12, 10 * 24) for row in slow(BEGAN_S + number * HOUR_S)]
    write(store, late)
    watched.comes_late(BEGAN_S + 9 * DAY_S + 12 * HOUR_S)
    (alarm,) = watched.until(BEGAN_S + 10 * DAY_S)

    assert warming.from_s == BEGAN_S
    assert before == []
    assert abs(alarm.began_s - BEGAN_S - 9 * DAY_S - 12 * HOUR_S) <= 2 * HOUR_S


def test_what_comes_late_from_before_a_drift_does_not_end_it(store: Store) -> None:
    fill(store, 11 * 24, slower(np.random.default_rng(1), 1.5))
    watched = Watched(store)
    (before,) = watched.until(BEGAN_S + 11 * DAY_S)

    watched.comes_late(CHANGED_S - 5 * HOUR_S)
    (after,) = watched.until(BEGAN_S + 11 * DAY_S)

    assert (after.opened_s, after.closed_s) == (before.opened_s, 0)


def test_late_hours_neither_keep_an_alarm_open_nor_tell_it_twice(store: Store) -> None:
    undone_s = CHANGED_S + 20 * HOUR_S
    fill(store, 12 * 24, slower(np.random.default_rng(4), 2.0, until_s=undone_s))
    watched = Watched(store)
    watched.until(undone_s)
    for hour_s in range(undone_s + 2 * HOUR_S, undone_s + 24 * HOUR_S, 2 * HOUR_S):
        watched.comes_late(hour_s - 3 * HOUR_S)
        (alarm,) = watched.until(hour_s)
    assert undone_s < alarm.closed_s <= undone_s + 20 * HOUR_S

    watched.comes_late(alarm.closed_s - 4 * HOUR_S)
    again = watched.until(BEGAN_S + 12 * DAY_S)

    assert again == [alarm]


def test_what_was_accepted_late_is_learned_from_when_it_began(store: Store) -> None:
    fill(store, 18 * 24, slower(np.random.default_rng(6), 1.5))
    (alarm,) = Watched(store).until(BEGAN_S + 16 * DAY_S)
    (place,) = Records(store).references()

    since, now = datetime.fromtimestamp(alarm.began_s, UTC), datetime.now(UTC)
    Watched(store, accepted=[AcceptedDrift(*place, since, now, "ada", "late")]).until(BEGAN_S + 18 * DAY_S)
    (learned,) = Records(store).references().values()

    assert learned.reference is not None
    assert learned.from_s == BEGAN_S + 10 * DAY_S


def test_a_reference_that_is_broken_is_none() -> None:
    assert stored_reference("duration", b"PK" + bytes(40)) is None


def test_a_drift_that_cannot_be_explained_is_told_all_the_same(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(store, 10 * 24, slower(np.random.default_rng(1), 2.0))
    monkeypatch.setattr(explaining, "shown", lambda *_, **__: 1 / 0)

    (alarm,) = Watched(store).until(BEGAN_S + 10 * DAY_S)

    assert explanation(alarm).headline == "Duration of coder, chat gpt-5: not as it was"


def test_alarms_beyond_the_seconds_of_a_look_are_told_without_asking_for_the_mix(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(store, 10 * 24, slower(np.random.default_rng(1), 2.0))
    monkeypatch.setattr(watching, "MIXES_S_MAX", 0.0)

    (alarm,) = Watched(store).until(BEGAN_S + 10 * DAY_S)

    found = explanation(alarm)
    assert found.verdict
    assert found.verdict.said == "not asked"
    assert found.mix == []
    assert found.headline.startswith("Duration of coder, chat gpt-5: the median went from ")
