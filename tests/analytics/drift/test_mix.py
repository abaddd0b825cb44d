"""Mix against behaviour: the parts of a difference, and what is said of them over several keys at once."""

from collections.abc import Mapping, Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.drift.mix import kitagawa, shared
from analytics.drift.mix_strata import Calls
from analytics.drift.mix_verdict import New, Part, Verdict, verdict

# A week from a Monday on, and a Tuesday from ten on
BEFORE_H = 24 * (4 + 7 * 2_900) + np.arange(7 * 24)
AFTER_H = BEFORE_H[34:38] + 14 * 24
# Of a week, of which the hours of the day that are compared have 800
WEEK_N = 6_720
# Logarithm of the median of each stratum, by key
EFFECTS = {"version": [0.0, 0.1], "user": [0.0, 0.5, 1.0], "model": [0.0, 1.4]}
USUAL = {"version": [0.5, 0.5], "user": [0.5, 0.3, 0.2], "model": [0.8, 0.2]}
SLOW_MODEL = USUAL | {"model": [0.5, 0.5]}


def calls(
    chance: np.random.Generator,
    hours: Sequence[int],
    shares: Mapping[str, Sequence[float]],
    slower: float = 0.0,
    n: int = 800,
    names: str = "v",
) -> Calls:
    """Return calls of a trace each."""
    groups = {by: chance.choice(len(some), n, p=some) for by, some in shares.items()}
    logs = 0.5 * chance.normal(size=n) + slower
    for by, group in groups.items():
        logs += np.array(EFFECTS[by])[group]
    strata = {by: np.array([f"{names}{one}" for one in group], object) for by, group in groups.items()}
    return Calls(np.arange(n), chance.choice(hours, n).astype(float), np.ones(n), logs, strata)


def said(
    before: Mapping[str, Sequence[float]], after: Mapping[str, Sequence[float]], slower: float, seed: int = 1
) -> Verdict:
    chance = np.random.default_rng(seed)
    found = verdict(calls(chance, BEFORE_H, before, n=WEEK_N), calls(chance, AFTER_H, after, slower))
    assert found
    return found


def part(found: Verdict, by: str) -> Part:
    (one,) = (part for part in found.parts if part.by == by)
    return one


def together(*some: Calls) -> Calls:
    """Return the calls of several, of traces of their own."""
    traces = np.arange(sum(len(one) for one in some))
    hours, n, totals = (
        np.concatenate([getattr(one, name) for one in some]) for name in ("hours", "n", "totals")
    )
    return Calls(traces, hours, n, totals, {
        by: np.concatenate([one.strata[by] for one in some]) for by in some[0].strata
    })  # fmt: skip


def test_a_slow_model_that_is_taken_more_often_is_mix_by_model_and_behaviour_by_no_other_key() -> None:
    for seed in range(5):
        found = said(USUAL, SLOW_MODEL, 0.0, seed)

        assert (found.said, found.by) == ("mix", ["model"])
        assert part(found, "model").mix == pytest.approx(0.3 * 1.4, abs=0.12)
        # by itself the user would say that it is behaviour
        assert part(found, "user").is_behaviour


def test_what_is_slower_with_each_is_behaviour_by_every_key() -> None:
    found = said(USUAL, USUAL, 0.3)

    assert (found.said, found.by) == ("behaviour", ["version", "user", "model"])
    assert all(one.behaviour == pytest.approx(0.3, abs=0.12) for one in found.parts)


def test_where_both_moved_both_are_told_also_where_they_cancel() -> None:
    for slower in (0.3, -0.42):
        found = said(USUAL, SLOW_MODEL, slower)

        assert (found.said, found.by) == ("both", ["model"])
        assert part(found, "model").behaviour == pytest.approx(slower, abs=0.12)


def test_a_mix_that_moved_along_two_keys_is_no_behaviour() -> None:
    """By each of them alone the other looks like it."""
    found = said(USUAL, SLOW_MODEL | {"user": [0.1, 0.2, 0.7]}, 0.0)

    assert (found.said, found.by) == ("mix", ["user", "model"])
    assert all(part(found, by).is_behaviour for by in ("user", "model"))


def test_of_noise_nothing_is_said() -> None:
    every = [said(USUAL, USUAL, 0.0, seed) for seed in range(40)]

    assert sum(one.said == "unknown" for one in every) >= 38


def test_calls_of_few_traces_are_no_more_certain_for_being_many() -> None:
    chance = np.random.default_rng(3)
    before, after = (
        calls(chance, hours, USUAL, slower) for hours, slower in ((AFTER_H - 14 * 24, 0.0), (AFTER_H, 0.3))
    )

    def in_traces(some: Calls, traces: int) -> Calls:
        trace = np.arange(len(some)) % traces
        level = chance.normal(size=traces)
        return Calls(trace, some.hours, some.n, some.totals + level[trace], some.strata)

    told = verdict(in_traces(before, 20), in_traces(after, 20))
    nothing = verdict(in_traces(before, 20), in_traces(after, 4))

    assert told
    assert told.said == "unknown"
    assert nothing == Verdict("unknown")


def nightly(chance: np.random.Generator, hours: np.ndarray, slower: float, an_hour: int) -> Calls:
    """Return calls of two users, one of which sends at night alone, more than the other, and takes longer."""
    night = hours[hours % 24 < 6]
    return together(
        calls(chance, hours, {"user": [1.0]}, slower, an_hour * len(hours)),
        calls(chance, night, {"user": [0.0, 0.0, 1.0]}, slower, 3 * an_hour * len(night)),
    )


def test_a_night_is_compared_with_nights() -> None:
    chance = np.random.default_rng(4)
    night = BEFORE_H[:5] + 14 * 24
    before = nightly(chance, BEFORE_H, 0.0, 20)

    healthy = verdict(before, nightly(chance, night, 0.0, 50))
    slower = verdict(before, nightly(chance, night, 0.3, 50))

    assert healthy
    assert slower
    assert healthy.said == "unknown"
    for one in healthy.parts:
        assert abs(one.mix) + abs(one.behaviour) < 0.1
    # of one key alone, too
    assert (slower.said, slower.by) == ("behaviour", ["user"])
    assert part(slower, "user").mix == pytest.approx(0, abs=0.07)


def new_version(chance: np.random.Generator, share: float) -> tuple[Calls, Calls]:
    """Return calls of version v0, then of a slower one too."""
    users = {"user": [0.5, 0.3, 0.2]}
    one, two = {"version": [1.0]} | users, {"version": [0.0, 1.0]} | users
    n = round(800 * share)
    news, others = calls(chance, AFTER_H, two, 0.4, n), calls(chance, AFTER_H, one, 0.0, 800 - n)
    return calls(chance, BEFORE_H, one, n=WEEK_N), together(news, others)


@pytest.mark.parametrize("share", [1.0, 0.93])
def test_of_a_new_version_it_is_said_how_much_came_with_it_and_no_part(share: float) -> None:
    found = verdict(*new_version(np.random.default_rng(5), share))

    assert found
    assert (found.said, found.by) == ("behaviour", ["user"])
    assert [one.by for one in found.parts] == ["user"]
    assert found.new == [New("version", "v1", pytest.approx(share))]


def test_a_version_that_some_have_is_another_mix_and_named() -> None:
    found = verdict(*new_version(np.random.default_rng(6), 0.4))

    assert found
    assert (found.said, found.by) == ("mix", ["version"])
    assert found.new == [New("version", "v1", pytest.approx(0.4))]


def test_a_new_user_stands_alone_however_many_calls_there_were_before() -> None:
    chance = np.random.default_rng(7)
    of_60 = np.array([f"user {number:02}" for number in range(60)], object)

    def of_users(n: int, names: Sequence[str], seconds: float, hours: np.ndarray) -> Calls:
        logs = np.log(seconds) + 0.2 * chance.normal(size=n)
        strata = {"user": np.array([names[number % len(names)] for number in range(n)], object)}
        return Calls(np.arange(n), chance.choice(hours, n).astype(float), np.ones(n), logs, strata)

    before = of_users(60 * 280, of_60, 1.0, BEFORE_H)
    after = together(of_users(300, of_60, 1.0, AFTER_H), of_users(150, ["new"], 5.0, AFTER_H))

    found = verdict(before, after)

    assert found
    assert (found.said, found.by) == ("mix", ["user"])
    assert found.new == [New("user", "new", pytest.approx(1 / 3))]
    assert part(found, "user").mix == pytest.approx(np.log(5) / 3, abs=0.05)
    assert part(found, "user").behaviour == pytest.approx(0, abs=0.05)


def test_what_never_comes_and_what_has_one_stratum_is_not_told() -> None:
    chance = np.random.default_rng(8)
    never, alone = (calls(chance, BEFORE_H, shares) for shares in (USUAL, {"user": [1.0]}))
    never.totals[:] = 0

    assert verdict(never, never) is None
    assert verdict(alone, alone) is None


def test_the_evidence_of_groups_is_shared() -> None:
    assert shared(np.array([[5.0], [-np.inf]]))[0] == pytest.approx(5 - np.log(2))


@given(
    st.lists(st.floats(0.01, 10), min_size=3, max_size=3),
    st.lists(st.floats(0.01, 10), min_size=3, max_size=3),
    st.lists(st.floats(-100, 100), min_size=6, max_size=6),
)
def test_mix_and_behaviour_add_up_to_the_whole(
    first: list[float], second: list[float], means: list[float]
) -> None:
    shares = np.array([np.array(one) / sum(one) for one in (first, second)])
    each = np.array(means).reshape(2, 3)

    mix, behaviour = kitagawa(shares, each)

    whole = shares[1] @ each[1] - shares[0] @ each[0]
    assert mix.sum() + behaviour.sum() == pytest.approx(whole, abs=1e-8)


def test_a_group_that_is_new_is_mix() -> None:
    mix, behaviour = kitagawa(np.array([[1.0, 0.0], [0.5, 0.5]]), np.array([[1.0, 0.0], [1.0, 3.0]]))

    assert behaviour.sum() == 0
    assert mix.sum() == 1
