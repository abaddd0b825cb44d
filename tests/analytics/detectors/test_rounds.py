"""When rounds of calls count as bounded, on debates drawn at random."""

from collections import Counter

import numpy as np
import pytest

from analytics.detectors.rounds import bound

DRAWS = 200


def told(traces: int, cap: int, go: float) -> float:
    """Return the share of draws in which no bound is seen."""
    random = np.random.default_rng(41)
    draws = (np.minimum(random.geometric(1 - go, traces), cap) for _ in range(DRAWS))
    return sum(bound(Counter(rounds.tolist())) is None for rounds in draws) / DRAWS


@pytest.mark.parametrize(("cap", "go"), [(2, 0.5), (3, 0.5), (3, 0.9), (5, 0.7)])
@pytest.mark.parametrize("traces", [100, 1_000])
def test_a_debate_that_has_a_limit_looks_bounded(traces: int, cap: int, go: float) -> None:
    assert told(traces, cap, go) <= 0.01


@pytest.mark.parametrize("go", [0.2, 0.5, 0.8])
@pytest.mark.parametrize("traces", [100, 1_000])
def test_what_stops_when_it_happens_to_be_done_does_not(traces: int, go: float) -> None:
    assert told(traces, 10**6, go) >= 0.85


def test_one_trace_alone_proves_no_bound() -> None:
    assert bound({3: 1}) is None
