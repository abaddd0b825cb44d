"""Windows of a list: each moment of a range in one of them, newest first."""

import itertools

from hypothesis import given
from hypothesis import strategies as st

from analytics.traces.windows import windows

HOUR_S = 3_600
LAST_NS = 2**63 - 1
TIMES_NS = st.integers(-1, LAST_NS)


@given(TIMES_NS, TIMES_NS, st.integers(0, LAST_NS // 10**9 // HOUR_S))
def test_windows_are_the_whole_range_without_gap_or_overlap(one: int, other: int, hour: int) -> None:
    first_ns, last_ns = sorted((one, other))
    newest_s = min(hour, last_ns // 10**9 // HOUR_S) * HOUR_S

    found = list(windows(first_ns, last_ns, newest_s))

    assert found[0][1] == last_ns
    assert found[-1][0] == first_ns
    assert all(begin <= end for begin, end in found)
    for (begin, _), (_, end) in itertools.pairwise(found):
        assert end == begin - 1
        assert begin % (HOUR_S * 10**9) == 0


def test_a_wrong_clock_does_not_move_the_first_window() -> None:
    found = list(windows(0, LAST_NS, 500_000 * HOUR_S))

    assert found[0] == (499_999 * HOUR_S * 10**9, LAST_NS)
    assert len(found) == 5
