"""How often ordinary traces are called runaway, by limits that were learned from others of their like.

The rates are printed in `docs/detectors.md`; here they are bounded.
"""

import math
from collections import Counter
from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from analytics.baselines.habit import habit_of
from analytics.detectors.trace_size import limit_of

Draw = Callable[[np.random.Generator, int], NDArray[np.float64]]


@pytest.mark.parametrize(("n", "most_per_10_000"), [(99, 20), (300, 16), (1_000, 4), (10_000, 4)])
@pytest.mark.parametrize(
    "draw",
    [
        pytest.param(lambda r, n: r.lognormal(math.log(20), 0.5, n), id="lognormal, sigma 0.5"),
        pytest.param(lambda r, n: r.lognormal(math.log(20), 1.0, n), id="lognormal, sigma 1"),
        pytest.param(lambda r, n: 20 * (1 + r.pareto(2, n)), id="Pareto, exponent 2"),
    ],
)
def test_few_ordinary_traces_are_called_runaway(draw: Draw, n: int, most_per_10_000: float) -> None:
    random = np.random.default_rng(41)
    called = judged = 0
    for _ in range(20):
        counts = Counter(np.ceil(draw(random, n)).tolist())
        habit = habit_of(sorted(counts), [counts[value] for value in sorted(counts)])
        test = draw(random, 20_000)
        called += int((test > limit_of(habit)).sum())
        judged += len(test)

    assert 10_000 * called / judged <= most_per_10_000
