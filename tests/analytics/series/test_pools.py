"""Series too sparse to be watched alone, and those of one model, watched together; on a real store."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pytest

from analytics.drift.bins import bins_of
from analytics.drift.mix_verdict import New
from analytics.series.counts import Counts, Place
from analytics.series.fleet import Fleet
from analytics.series.learned import Learned
from analytics.series.metric import metric
from analytics.series.moved import Moved
from analytics.series.policy import Policy
from analytics.series.pool_members import moved_members
from analytics.series.pool_mix import calls_of_members, parts_of_members, verdict_of_members
from analytics.series.pools import new_pools, pool_key, pool_of
from analytics.series.records import Alarm, Records
from analytics.series.shown import shown
from collector.store.store import Store
from tests.analytics.rows import insert, step
from tests.analytics.series.invented import DAY_S, HOUR_S, KEY, OUTCOME, categories, lognormal, numbers
from tests.analytics.series.test_monitor import BEGAN_S, Watched, explanation, fill

AGENTS = [f"agent {number}" for number in range(12)]
# 7 days of ranks, 7 of a reference
CHANGED_S = BEGAN_S + 16 * DAY_S


def sparse(
    chance: np.random.Generator, factor: float, moved: int = len(AGENTS), busier: float = 1.0
) -> Callable[[int], Any]:
    """Calls of agents, eight a day each, of which some take longer, or come more often, from some time on."""

    def of(hour_s: int) -> Any:
        changed = hour_s >= CHANGED_S
        for number, agent in enumerate(AGENTS):
            key = KEY._replace(agent=agent, subject=f"model {number % 4}")
            median = (0.1 + number) * (factor if changed and number < moved else 1)
            calls = 8 / 24 * (busier if changed and number == 11 else 1)
            if len(values := lognormal(hour_s, calls, median, chance)):
                yield from numbers(key, hour_s, values)

    return lambda hour_s: list(of(hour_s))


def states(store: Store) -> tuple[int, int]:
    """Return how many series are watched with others, and how many of these are watched."""
    known = Records(store).references().values()
    return sum(one.usual is not None for one in known), sum(one.reference is not None for one in known)


def looked(store: Store, days: int) -> list[Alarm]:
    return Watched(store).until(BEGAN_S + days * DAY_S)


def test_what_is_too_sparse_alone_is_found_together_and_who_moved_is_told(store: Store) -> None:
    fill(store, 20 * 24, sparse(np.random.default_rng(1), 3.0, moved=8))

    (alarm,) = looked(store, 20)

    assert states(store) == (12, 1)
    assert CHANGED_S < alarm.opened_s <= CHANGED_S + 3 * DAY_S
    found = explanation(alarm)
    assert found.headline.startswith("Rank of duration of several agents, chat: the ")
    moved = [one for one in found.members if one.agent in AGENTS[:8]]
    assert len(moved) >= 6
    assert sum(one.rank > 50 for one in moved) >= len(moved) - 1
    # it is what they do, not who sends how much: ranks of healthy members are alike
    (part,) = found.mix
    assert part.by == "series"
    assert part.behaviour > 10 * abs(part.mix)
    assert sum(one.behaviour or 0 for one in moved) > 0.8 * part.behaviour


def garbage(values: np.ndarray, chance: np.random.Generator) -> np.ndarray:
    return np.where(chance.random(len(values)) < 0.1, 100 * values, values)


def wider(values: np.ndarray, _: np.random.Generator) -> np.ndarray:
    return values**2


def quicker(values: np.ndarray, _: np.random.Generator) -> np.ndarray:
    return values * 0.6


@pytest.mark.parametrize(
    ("score", "changed", "other"),
    [("upper 5 %", garbage, 1.0), ("scale", wider, 1.0), ("location", quicker, 2.0)],
)
def test_who_moved_is_told_by_what_moved_not_by_the_median(
    store: Store,
    score: str,
    changed: Callable[[np.ndarray, np.random.Generator], np.ndarray],
    other: float,
) -> None:
    """One of twenty changes; and of another the calls take so many times as long."""
    chance, changed_s, end_s = np.random.default_rng(5), BEGAN_S + 15 * DAY_S, BEGAN_S + 25 * DAY_S

    def of(hour_s: int) -> Any:
        for number in range(20):
            values = lognormal(hour_s, 16 / 24, 1.0, chance)
            if hour_s >= changed_s and number in (2, 11):
                values = changed(values, chance) if number == 11 else other * values
            if len(values):
                yield from numbers(KEY._replace(agent=f"agent {number}"), hour_s, values)

    fill(store, 25 * 24, lambda hour_s: list(of(hour_s)))
    looked(store, 15)
    fleet, moved = Fleet(store, Policy(), changed_s), Moved(score, changed is not quicker, *[changed_s] * 3)
    (pool,) = (place for place, one in fleet.known.items() if one.key.is_pool)
    before, after = (changed_s - 7 * DAY_S, changed_s), (changed_s, end_s)

    first, *_ = moved_members(store, fleet, pool, [before], after, moved).moved

    assert first.key.agent == "agent 11"


def test_one_that_sends_twice_as_much_moves_no_pool(store: Store) -> None:
    fill(store, 20 * 24, sparse(np.random.default_rng(2), 1.0, busier=2.2))

    assert looked(store, 20) == []
    assert states(store)[0] >= 11


def test_healthy_sparse_series_are_silent(store: Store) -> None:
    fill(store, 40 * 24, sparse(np.random.default_rng(9), 1.0))

    assert looked(store, 40) == []
    assert states(store) == (12, 1)


def calls_of_tools(from_s: int, until_s: int) -> list[dict[str, Any]]:
    """Steps of every tool: of five calls, one has a rare error; its trace begins with fe."""
    rows = []
    for number, at_s in enumerate(range(from_s, until_s, HOUR_S // 2)):
        for place, agent in enumerate(AGENTS):
            is_rare = number % 5 == 0
            about = {"project": "default", "environment": "production", "agent": agent, "kind": "tool"}
            about |= {"tool": f"tool of {agent}", "operation": "execute_tool"}
            about |= {"status": "error", "error_type": "HTTP 503"} if is_rare else {}
            one = step(number * 100 + place, ended_ago_s=0, duration_s=1, **about)
            start = datetime.fromtimestamp(at_s, UTC)
            first = b"\xfe" if is_rare else b"\x01"
            rows.append(one | {"start": start, "end": start, "trace_id": first + one["trace_id"][1:]})
    return rows


def traces_of_the_first(store: Store, alarm: Alarm) -> list[list[str]]:
    """Return which traces are shown of the member that moved first, of each pool that alarms."""
    after, found = (alarm.began_s, alarm.opened_s + HOUR_S), explanation(alarm)
    # not before: an hour that steps end in would be counted anew
    insert(store, "steps", calls_of_tools(*after))
    fleet, moved = Fleet(store, Policy(), after[1]), Moved(found.moved, found.is_up, *([alarm.began_s] * 3))
    return [
        shown(store, fleet, members[0].place, [after], after, moved).traces_after
        for pool in fleet.open_alarms
        if (members := moved_members(store, fleet, pool, [after], after, moved).moved)
    ]


def test_errors_of_many_sparse_tools_are_found_together(store: Store) -> None:
    chance = np.random.default_rng(3)

    def of(hour_s: int) -> Any:
        share = 0.25 if hour_s >= CHANGED_S else 0.02
        for agent in AGENTS:
            key = OUTCOME._replace(agent=agent, operation="execute_tool", subject=f"tool of {agent}")
            if n := chance.poisson(8 / 24):
                yield from categories(key, hour_s, np.where(chance.random(n) < share, "HTTP 503", "ok"))

    fill(store, 21 * 24, lambda hour_s: list(of(hour_s)))

    (alarm,) = looked(store, 21)

    found = explanation(alarm)
    assert found.headline.startswith("Rank of outcome of several agents, execute_tool: ")
    assert not found.is_up or found.moved in ("scale", "lower 5 %", "lower 1 %")
    assert CHANGED_S < alarm.opened_s <= CHANGED_S + 3 * DAY_S
    (traces,) = traces_of_the_first(store, alarm)
    assert len(traces) == 5
    assert all(one.startswith("fe") for one in traces)


def test_what_a_model_changes_for_all_agents_is_found_where_none_shows_it_alone(store: Store) -> None:
    chance = np.random.default_rng(4)

    def of(hour_s: int) -> Any:
        factor = 1.07 if hour_s >= CHANGED_S else 1.0
        for number, agent in enumerate(AGENTS):
            values = lognormal(hour_s, 30, (0.5 + number) * factor, chance)
            yield from numbers(KEY._replace(agent=agent), hour_s, values)

    fill(store, 19 * 24, lambda hour_s: list(of(hour_s)))
    alarms = looked(store, 19)

    pool = pool_key(KEY, is_sparse=False)
    known = Records(store).references()
    (place,) = [place for place, one in known.items() if one.key == pool]
    told = Records(store).alarms(0)
    assert known[place].reference is not None
    (found,) = (explanation(one) for one in told[place])
    assert found.headline.startswith("Rank of duration of several agents, chat gpt-5: the ")
    assert found.members
    assert min(told, key=lambda of: told[of][0].opened_s) == place
    assert alarms


def test_a_pool_is_a_metric_of_ranks_of_several_agents() -> None:
    pool = pool_key(KEY, is_sparse=True)

    assert metric(pool.metric).unit == "rank"
    assert pool.what == "rank of duration of several agents, chat"


def test_names_with_anything_in_them_are_of_pools_of_their_own() -> None:
    one = KEY._replace(environment="a\0", operation="chat")
    other = KEY._replace(environment="a", operation="\0chat")

    assert pool_of(one, is_sparse=True) != pool_of(other, is_sparse=True)
    assert pool_of(KEY._replace(environment="1:a"), is_sparse=True) != pool_of(
        KEY._replace(environment="1", operation="a"), is_sparse=True
    )


def test_a_pool_without_series_ends_its_alarm_and_is_watched_no_more(store: Store) -> None:
    fill(store, 20 * 24, sparse(np.random.default_rng(1), 3.0, moved=8))
    (alarm,) = looked(store, 20)
    at_s = BEGAN_S + 20 * DAY_S
    fleet = Fleet(store, Policy(days=14, days_min=7), at_s)
    (pool,) = fleet.open_alarms
    members = list(fleet.pools.members[pool])
    assert fleet.watched == {"default": 1}

    fleet.begin_anew(dict.fromkeys(members, at_s), at_s)

    (closed,) = Records(store).alarms(0)[pool]
    assert (alarm.closed_s, closed.closed_s) == (0, at_s)
    assert (fleet.open_alarms, fleet.watched) == ({}, {})
    known = Records(store).references()[pool]
    assert (known.until_s, known.from_s) == (0, at_s)


def test_a_pool_that_has_series_again_counts_from_then_on() -> None:
    pooled = [Learned(KEY._replace(agent=agent), 0, pool=7) for agent in AGENTS[:3]]
    known = {Place("default", number): one for number, one in enumerate(pooled)}
    place = Place("default", 7)
    emptied = known | {place: Learned(pool_key(KEY, is_sparse=True), DAY_S)}

    again = new_pools(emptied, {}, 5 * DAY_S)
    as_ever = new_pools(emptied, {place: pooled}, 5 * DAY_S)

    assert [(at, one.from_s) for at, one in again.items()] == [(place, 5 * DAY_S)]
    assert as_ever == {}
    assert new_pools(dict(list(known.items())[:2]), {}, 0) == {}


def ranks_by_hour(hours_h: Sequence[int], by_day: float, at_night: float, n: int) -> Counts:
    """Ranks of a member, n an hour, that are higher at night."""
    hours = np.array(hours_h)
    items = bins_of(np.where(hours % 24 < 6, at_night, by_day))
    return Counts(hours * HOUR_S, items, np.full(len(hours), float(n)))


def test_members_of_a_night_are_compared_with_their_nights() -> None:
    week = np.arange(24 * 7 * 2_900, 24 * 7 * 2_901)
    night = week[24:30] + 14 * 24
    usual = [ranks_by_hour(week, 40, 80, 20), ranks_by_hour(week[week % 24 < 6], 40, 70, 60)]

    before, healthy, slower = (
        calls_of_members(ranks)
        for ranks in (
            usual,
            [ranks_by_hour(night, 40, 80, 20), ranks_by_hour(night, 40, 70, 60)],
            [ranks_by_hour(night, 40, 95, 20), ranks_by_hour(night, 40, 90, 60)],
        )
    )

    assert np.allclose(parts_of_members(before, healthy, 2), 0)
    assert verdict_of_members(before, healthy, ["one", "batch"]) is None
    found = verdict_of_members(before, slower, ["one", "batch"])
    assert found
    assert (found.said, found.by) == ("behaviour", ["series"])
    mix, behaviour = parts_of_members(before, slower, 2)
    assert mix == pytest.approx(0, abs=1e-9)
    assert behaviour.sum() == pytest.approx(found.parts[0].behaviour)


def test_a_member_that_is_new_is_named() -> None:
    week = np.arange(24 * 7 * 2_900, 24 * 7 * 2_901)
    nothing = Counts(week[:0], week[:0], np.zeros(0))
    old, new = ranks_by_hour(week, 50, 50, 20), ranks_by_hour(week + 14 * 24, 90, 90, 20)
    since = ranks_by_hour(week + 14 * 24, 50, 50, 20)

    found = verdict_of_members(
        calls_of_members([old, nothing]), calls_of_members([since, new]), ["coder", "tester"]
    )

    assert found
    assert (found.said, found.by) == ("mix", ["series"])
    assert found.new == [New("series", "tester", pytest.approx(0.5))]
