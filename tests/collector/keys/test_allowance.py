import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.errors import RateLimited
from collector.keys.allowance import Allowance
from collector.keys.key import Rates


def admitted(allowance: Allowance, now_s: float) -> bool:
    try:
        allowance.admit(now_s)
    except RateLimited:
        return False
    return True


def test_without_limits_everything_is_let_in() -> None:
    allowance = Allowance(Rates(), 0.0)

    for _ in range(1_000):
        allowance.admit(0.0)
        allowance.take(0.0, spans=10**9, bytes=10**12)


def test_a_refusal_says_when_to_come_again_and_then_it_goes_on() -> None:
    allowance = Allowance(Rates(bytes_per_s=1_000), 0.0)
    allowance.take(0.0, bytes=15_000)

    with pytest.raises(RateLimited) as refused:
        allowance.admit(0.0)
    assert refused.value.retry_after_s == 10

    assert not admitted(allowance, 9.9)
    assert admitted(allowance, 10.1)


def test_five_seconds_of_requests_may_come_at_once() -> None:
    allowance = Allowance(Rates(requests_per_s=10), 0.0)

    assert sum(admitted(allowance, 0.0) for _ in range(100)) == 51
    assert sum(admitted(allowance, 1.0) for _ in range(100)) == 10


@given(
    st.lists(st.tuples(st.floats(0, 2), st.integers(1, 5_000)), max_size=200),
    st.floats(0.1, 10_000),
)
def test_in_the_long_run_no_more_is_let_in_than_the_rate(
    requests: list[tuple[float, int]], per_s: float
) -> None:
    allowance, now_s, spans, largest = Allowance(Rates(spans_per_s=per_s), 0.0), 0.0, 0, 0
    for pause_s, size in requests:
        now_s += pause_s
        if admitted(allowance, now_s):
            allowance.take(now_s, spans=size)
            spans, largest = spans + size, max(largest, size)

    burst = max(1.0, 5 * per_s)
    assert spans <= (burst + per_s * now_s) * 1.001 + largest
