"""What a series that warms up still needs, in words: days, calls, company."""

import pytest

from analytics.series.learned import Learned
from analytics.series.learning import DAY_S
from analytics.series.policy import Policy
from analytics.series.tally import DAYS_MAX, Tally
from analytics.series.wanting import Company, wanting
from tests.analytics.series.invented import HOUR_S, KEY

CONTENT = KEY._replace(metric="text content")
POOL = KEY._replace(agent="", subject="", metric="rank of duration")


def days(number: int, calls: int, traces: int) -> Tally:
    return Tally(number * DAY_S, (calls,) * number, (traces,) * number)


@pytest.mark.parametrize(
    ("known", "company", "now_day", "said"),
    [
        pytest.param(Learned(KEY, 0), Company(), 0.3, "14 more days", id="nothing came yet"),
        pytest.param(
            Learned(KEY, 0, tally=days(5, 37, 30)), Company(), 5, "9 more days", id="enough calls"
        ),
        pytest.param(
            Learned(KEY, 0, tally=days(5, 12, 2)),
            Company(),
            5,
            "9 more days, and 20 more traces to be watched with others: about 10 days at 2 a day;"
            " alone it takes 20 calls a day, and it has 12",
            id="too few traces",
        ),
        pytest.param(
            Learned(KEY, 0, tally=Tally(20 * DAY_S, (0, 4) * 10, (0, 2) * 10)),
            Company(7, DAY_S),
            20,
            "10 more traces to be watched with others: about 9 days at 1.1 a day;"
            " alone it takes 20 calls a day, and it has 2",
            id="traces alone are missing",
        ),
        pytest.param(
            Learned(KEY, 0, tally=Tally(25 * DAY_S, (1,) * 20 + (0,) * 5, (1,) * 20 + (0,) * 5)),
            Company(),
            30,
            "12 more traces to be watched with others: none came lately;"
            " alone it takes 20 calls a day, and it has 0.64",
            id="nothing comes any more",
        ),
        pytest.param(
            Learned(KEY, 0, tally=Tally(21 * DAY_S, (0, 0, 1) * 7, (0, 0, 1) * 7)),
            Company(),
            21,
            "23 more traces to be watched with others: it takes 30 in 28 days,"
            " and lately there were 0.43 a day; alone it takes 20 calls a day, and it has 0.33",
            id="never at that rate",
        ),
        pytest.param(
            Learned(KEY, 0, tally=days(20, 8, 4), pool=9),
            Company(2, 0),
            20,
            "1 more series to be watched with: 2 of 3 are there;"
            " alone it takes 20 calls a day, and it has 8",
            id="too little company",
        ),
        pytest.param(
            Learned(KEY, 0, tally=days(10, 8, 4)),
            Company(1, 0),
            10,
            "4 more days, and 1 more series to be watched with: 2 of 3 are there;"
            " alone it takes 20 calls a day, and it has 8",
            id="it would itself be company",
        ),
        pytest.param(
            Learned(KEY, 0, tally=days(20, 8, 4), pool=9),
            Company(3, 14 * DAY_S),
            20,
            "8 more days, while it is learned what is usual of it and others together;"
            " alone it takes 20 calls a day, and it has 8",
            id="the pool is learned",
        ),
        pytest.param(
            Learned(KEY, 0, tally=days(15, 40, 9)),
            Company(),
            15,
            "a week at most: it is tried again weekly",
            id="it was too sparse and is not any more",
        ),
        pytest.param(
            Learned(CONTENT, 0, tally=days(5, 40, 9)),
            Company(),
            5,
            "9 more days, and 440 more answers: about 11 days at 40 a day",
            id="answers",
        ),
        pytest.param(
            Learned(CONTENT, 0, tally=days(5, 10, 9)),
            Company(),
            5,
            "9 more days, and 590 more answers: it takes 640 in 28 days, and lately there were 10 a day",
            id="too few answers",
        ),
        pytest.param(
            Learned(CONTENT, 0),
            Company(),
            2,
            "12 more days, and 640 more answers: none came lately",
            id="no answer",
        ),
        pytest.param(Learned(POOL, 0), Company(5, 0), 4, "10 more days", id="a pool"),
        pytest.param(
            Learned(POOL, 0), Company(), 40, "series to watch together: it has 0 of 3", id="a pool of none"
        ),
        pytest.param(Learned(KEY, 0, until_s=DAY_S), Company(), 40, None, id="it has a reference"),
    ],
)  # fmt: skip
def test_what_is_missing_is_told_with_about_how_long_it_takes(
    known: Learned, company: Company, now_day: float, said: str | None
) -> None:
    assert wanting(Policy(), known, company, int(now_day * DAY_S)) == said


def test_a_day_that_is_counted_again_stays_as_it_is_and_days_without_calls_count() -> None:
    """As after a rewind, when a midnight passes once more."""
    tally = Tally().with_day(DAY_S, 5, 2).with_day(4 * DAY_S, 7, 3).with_day(4 * DAY_S, 9, 9)

    assert (tally.calls, tally.traces) == ((5, 0, 0, 7), (2, 0, 0, 3))
    assert tally.since(2 * DAY_S, 6 * DAY_S + HOUR_S).calls == (0, 7, 0, 0)
    assert tally.since(0, 2 * DAY_S).calls == (5, 0)
    assert Tally().since(5 * HOUR_S, 7 * HOUR_S).calls == ()
    assert len(tally.with_day(400 * DAY_S, 1e12, 1).calls) == DAYS_MAX
