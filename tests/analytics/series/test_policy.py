"""When a reference is learned, from which hours, and what a series still needs."""

import numpy as np
import pytest

from analytics.series.alarming import is_undone
from analytics.series.learned import Learned
from analytics.series.learning import DAY_S
from analytics.series.policy import Policy
from tests.analytics.series.invented import HOUR_S, KEY

PINNED = Policy(reference="pinned", pinned_s=(2 * DAY_S, 9 * DAY_S))


def learned(from_s: int = 0, until_s: int = 0) -> Learned:
    return Learned(KEY, from_s, until_s)


@pytest.mark.parametrize(
    ("policy", "known", "now_day", "wanted"),
    [
        pytest.param(Policy(), learned(), 13, None, id="too early"),
        pytest.param(Policy(), learned(), 14, (0, 14), id="a first one"),
        pytest.param(Policy(), learned(), 40, (12, 40), id="a first one of a long past: the last days"),
        pytest.param(Policy(), learned(0, 14 * DAY_S), 20, None, id="not again within a week"),
        pytest.param(Policy(), learned(0, 14 * DAY_S), 21, (0, 21), id="it grows"),
        pytest.param(Policy(), learned(0, 21 * DAY_S), 35, (0, 28), id="until it is whole"),
        pytest.param(Policy(), learned(0, 28 * DAY_S), 90, None, id="and then stays"),
        pytest.param(Policy(reference="sliding"), learned(0, 28 * DAY_S), 35, (7, 35), id="it slides"),
        pytest.param(Policy(reference="sliding"), learned(7 * DAY_S, 35 * DAY_S), 36, None, id="once a week"),
        pytest.param(
            PINNED,
            learned(),
            8,
            None,
            id="pinned, not over yet",
        ),
        pytest.param(PINNED, learned(), 9, (2, 9), id="pinned"),
        pytest.param(
            PINNED,
            learned(2 * DAY_S, 9 * DAY_S),
            30,
            None,
            id="pinned once",
        ),
    ],
)
def test_which_days_are_learned(
    policy: Policy, known: Learned, now_day: int, wanted: tuple[int, int] | None
) -> None:
    found = policy.wanted(known, now_day * DAY_S)

    assert found == (wanted and (wanted[0] * DAY_S, wanted[1] * DAY_S))


def test_a_series_that_began_in_a_day_waits_for_the_next_midnight() -> None:
    begun = learned(5 * HOUR_S)

    assert Policy().wanted(begun, 14 * DAY_S) is None
    assert Policy().wanted(begun, 15 * DAY_S) == (DAY_S, 15 * DAY_S)
    assert Policy().days_left(begun, 14 * DAY_S) == 1
    assert Policy().days_left(begun, 15 * DAY_S) == 0


def test_it_is_undone_when_the_bet_lost_and_no_smaller_one_still_wins() -> None:
    best = np.zeros((7, 2, 6), np.float32)
    best[0, 1] = 10
    told, lost = 9, best.copy()
    lost[0, 1, 3] = 5
    smaller_wins = lost.copy()
    lost[0, 1] -= 1.5

    assert not is_undone(best, best, told)
    assert not is_undone(smaller_wins, best, told)
    assert is_undone(lost, best, told)
