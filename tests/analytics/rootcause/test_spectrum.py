"""Which marks go with failing, and which only happen to; and what is said of few traces."""

from random import Random

import numpy as np
import pytest

from analytics.assembly.lineage import Flags
from analytics.rootcause.bootstrap import rank_intervals
from analytics.rootcause.mark import Mark
from analytics.rootcause.slowness import usual
from analytics.rootcause.spectrum import Cause, causes, in_words


def sides(failing: int = 100, passing: int = 900) -> Flags:
    return np.arange(failing + passing) < failing


def seen(
    name: str,
    failing: int,
    passing: int,
    *,
    sort: str = "tool",
    failed: Flags | None = None,
    over_ns: int = 0,
) -> Mark:
    """A mark that the first failing and the first passing traces show."""
    failed = sides() if failed is None else failed
    shown = np.zeros(len(failed), np.bool_)
    shown[np.flatnonzero(failed)[:failing]] = True
    shown[np.flatnonzero(~failed)[:passing]] = True
    over = np.full(len(failed), over_ns) if over_ns else None
    return Mark(sort, name, shown, np.ones_like(shown), "someone", over_ns=over)


def names(found: list[Cause]) -> list[str]:
    return [cause.mark.name for cause in found]


def test_what_failing_traces_have_and_passing_ones_have_not_comes_first() -> None:
    marks = [seen("common", 100, 900), seen("some", 60, 200), seen("most", 90, 90), seen("rare", 4, 36)]

    assert names(causes(marks, sides())) == ["most", "some"]


def test_a_call_that_failing_traces_lack_is_said_to_be_missing() -> None:
    (cause,) = causes([seen("ship → validate", 80, 10, sort="missing call")], sides())

    assert in_words(cause) == "missing in 80 of 100 failing, 10 of 900 passing"


def test_marks_of_the_same_traces_are_one_and_the_most_specific_is_named() -> None:
    marks = [seen("payer", 90, 5, sort="agent"), seen("pay: Timeout", 90, 5, sort="failing call")]

    (cause,) = causes(marks, sides())

    assert cause.mark.name == "pay: Timeout"
    assert [mark.name for mark in cause.alike] == ["payer"]


@pytest.mark.parametrize(("failing", "passing"), [(9, 900), (100, 29)])
def test_of_few_traces_nothing_is_said(failing: int, passing: int) -> None:
    failed = sides(failing, passing)

    assert causes([seen("most", 9, 0, failed=failed)], failed) == []


def test_what_is_over_later_in_the_same_traces_is_downstream_and_last() -> None:
    first = seen("pay: Timeout", 85, 0, sort="failing call", over_ns=10)
    then = seen("ship → book", 90, 0, sort="missing call", over_ns=20)

    assert [(cause.mark.name, cause.downstream_of) for cause in causes([then, first], sides())] == [
        ("pay: Timeout", None), ("ship → book", first),
    ]  # fmt: skip


def test_a_later_period_is_judged_among_the_traces_that_could_show_it() -> None:
    """Of 500 later traces twenty paid, and each was slow: of all that is little, of these it is all."""
    failed = sides(500, 500)
    shown, could = seen("pay", 20, 1, failed=failed).shown, seen("pay", 20, 18, failed=failed).shown
    mark = Mark("slow edge", "clerk → bank", shown, could, "bank", "clerk")

    (cause,) = causes([mark], failed, is_of_outcome=False)

    assert in_words(cause) == "in 20 of 20 failing, 1 of 18 passing"
    assert cause.ochiai > 0.9


def test_that_only_others_came_is_no_cause() -> None:
    """The same number of traces is slow as before, of fewer that could be."""
    failed = sides(500, 500)
    shown, could = seen("pay", 50, 50, failed=failed).shown, seen("pay", 60, 300, failed=failed).shown

    assert causes([Mark("slow call", "pay", shown, could, "bank")], failed, is_of_outcome=False) == []


def test_the_rank_of_what_leads_clearly_is_sure_and_that_of_equals_is_not() -> None:
    random = np.random.default_rng(3)
    failed = sides(200, 200)
    share = {"clear": 0.9, "one": 0.4, "other": 0.4}
    marks = [
        Mark("tool", name, random.random(400) < np.where(failed, much, 0.05), np.ones(400, np.bool_))
        for name, much in share.items()
    ]
    found = causes(marks, failed)

    ranks = dict(zip(names(found), rank_intervals(found, failed), strict=True))

    assert ranks["clear"] == (1, 1)
    assert ranks["one"] == ranks["other"] == (2, 3)


def test_chance_is_seldom_taken_for_a_cause() -> None:
    """A thousand marks that traces have by chance: one of twenty such sets names one, about."""
    random, named = Random(5), 0
    failed = sides(100, 100)
    for _ in range(20):
        shares = [random.uniform(0.05, 0.9) for _ in range(1_000)]
        shown = np.random.default_rng(random.getrandbits(32)).random((1_000, 200)) < np.array(shares)[:, None]
        marks = [Mark("tool", str(n), row, np.ones(200, np.bool_)) for n, row in enumerate(shown)]
        named += bool(causes(marks, failed))

    assert named <= 3


@pytest.mark.parametrize("share", [1.0, 0.1])
def test_calls_that_are_as_slow_as_ever_are_seldom_called_slow(share: float) -> None:
    """Thirty kinds of call that take as long as before, made by all traces or by few."""
    random, named = np.random.default_rng(7), 0
    failed = sides(200, 200)
    for _ in range(20):
        marks = []
        for number in range(30):
            could, took = random.random(400) < share, random.exponential(size=400)
            limit = usual(took[could & ~failed])
            if limit is not None:
                marks.append(Mark("slow call", str(number), could & (took > limit), could, "someone"))
        named += bool(causes(marks, failed, is_of_outcome=False))

    assert named <= 3
