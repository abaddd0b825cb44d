"""How often ordinary spans are called stuck, on durations the limits were not learned from.

The rates are printed in `docs/detectors.md`; here they are bounded. Each duration of the test half is
judged just before the span ends, as a leaf with heartbeats and no progress: the worst case.
"""

import math
from collections.abc import Callable, Iterable

import numpy as np
import pytest
from numpy.typing import NDArray

from analytics.baselines.learned_limits import LearnedLimits
from analytics.detectors.verdict import judge
from tests.analytics.baselines.durations import AWAIT_TESTS, counted, limits
from tests.analytics.detectors.open_rows import NOW_NS, parsed

# A finding opens on the second of two looks, two seconds apart.
LOOK_S = 2
DISTRIBUTIONS_AND_MOST_PER_10_000 = [
    pytest.param(lambda r, n: r.lognormal(math.log(8), 0.5, n), 1, id="lognormal, sigma 0.5"),
    pytest.param(lambda r, n: r.lognormal(math.log(2), 1.0, n), 6, id="lognormal, sigma 1"),
    pytest.param(lambda r, n: r.lognormal(math.log(10), 1.5, n), 16, id="lognormal, sigma 1.5"),
    pytest.param(lambda r, n: 2 * (1 + r.pareto(2, n)), 16, id="Pareto, exponent 2"),
    pytest.param(lambda r, n: 2 * (1 + r.pareto(1.5, n)), 27, id="Pareto, exponent 1.5"),
    pytest.param(
        lambda r, n: r.lognormal(math.log(4), 0.6, n) * np.where(r.random(n) < 0.05, 20, 1),
        8,
        id="one in twenty takes twenty times as long",
    ),
]

Draw = Callable[[np.random.Generator, int], NDArray[np.float64]]


def called_stuck(durations_s: Iterable[float], learned: LearnedLimits) -> int:
    rows = [parsed(age_s=max(0.0, duration_s - LOOK_S)) for duration_s in durations_s]
    verdicts = judge(rows, [learned.limit_for(row.work) for row in rows], NOW_NS)
    return sum(verdict.word == "stuck" for verdict in verdicts)


@pytest.mark.parametrize(("draw", "most"), DISTRIBUTIONS_AND_MOST_PER_10_000)
def test_few_ordinary_spans_are_called_stuck(draw: Draw, most: float) -> None:
    random = np.random.default_rng(31)
    called = judged = 0
    for _ in range(5):
        learned = limits(counted(AWAIT_TESTS, draw(random, 1_000)))
        test = draw(random, 20_000)
        called += called_stuck(test[test > 5].tolist(), learned)
        judged += len(test)

    assert 10_000 * called / judged <= most


@pytest.mark.parametrize(("draw", "most"), DISTRIBUTIONS_AND_MOST_PER_10_000)
def test_every_span_that_hangs_is_called_stuck(draw: Draw, most: float) -> None:
    """Within its limit, three heartbeats and two looks."""
    learned = limits(counted(AWAIT_TESTS, draw(np.random.default_rng(32), 1_000)))
    limit_s = learned.limit_for(AWAIT_TESTS).limit_s

    assert called_stuck([max(limit_s, 31) + 2 * LOOK_S], learned) == 1
