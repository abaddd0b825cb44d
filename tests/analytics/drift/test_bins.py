"""Bins: a fixed grid whose numbers sort as the values do."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from analytics.drift.bins import BIN_MAX, RATIO, VALUE_MIN, bins_of, values_at

finite = st.floats(min_value=-1e12, max_value=1e12)


@given(st.lists(finite, min_size=2, max_size=50))
def test_bins_sort_as_their_values_do(values: list[float]) -> None:
    ordered = np.sort(np.array(values))

    assert (np.diff(bins_of(ordered)) >= 0).all()


@given(finite.filter(lambda value: abs(value) > 2 * VALUE_MIN))
def test_a_bins_middle_is_within_one_per_cent(value: float) -> None:
    middle = values_at(bins_of(np.array([value])))[0]

    assert abs(middle / value - 1) <= RATIO - 1


def test_what_is_no_number_has_a_bin_all_the_same() -> None:
    odd = np.array([np.nan, np.inf, -np.inf, 0.0, -0.0, 1e-300, 1e300])

    assert bins_of(odd).tolist() == [0, BIN_MAX, -BIN_MAX, 0, 0, 0, BIN_MAX]
