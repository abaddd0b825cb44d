"""Which spans a limit is learned from, and what is made of them."""

import pytest

from analytics.baselines.limit import DEFAULT_LIMITS_S
from tests.analytics.baselines.durations import AWAIT_TESTS, counted, limits, spread

OTHER_AGENT = AWAIT_TESTS._replace(agent="reviewer")
OTHER_TOOL = AWAIT_TESTS._replace(tool="search")
NEXT_VERSION = AWAIT_TESTS._replace(agent_version="2")


def test_the_limit_is_three_times_the_99_percent_duration_of_the_same_work() -> None:
    limit = limits(counted(AWAIT_TESTS, spread(10, 240))).limit_for(AWAIT_TESTS)

    assert (limit.key_level, limit.learned, limit.older_version, limit.samples) == ("agent", True, False, 240)
    assert limit.usual_s == pytest.approx(10, rel=0.06)
    assert limit.q99_s == pytest.approx(20, rel=0.06)
    assert limit.limit_s == pytest.approx(3 * (limit.q99_s or 0))


def test_the_limit_is_never_less_than_five_seconds() -> None:
    limit = limits(counted(AWAIT_TESTS, spread(0.1, 240))).limit_for(AWAIT_TESTS)

    assert limit.limit_s == 5
    assert limit.q99_s == pytest.approx(0.2, rel=0.06)


def test_too_few_of_an_agent_fall_back_to_the_tool_of_any_agent() -> None:
    learned = limits(counted(AWAIT_TESTS, spread(10, 98)), counted(OTHER_AGENT, spread(10, 300)))

    limit = learned.limit_for(AWAIT_TESTS)

    assert (limit.key_level, limit.samples) == ("tool", 398)


def test_a_borrowed_limit_is_at_least_three_times_the_longest_of_its_own_that_ended() -> None:
    learned = limits(counted(AWAIT_TESTS, [40.0]), counted(OTHER_AGENT, spread(1, 10_000)))

    limit = learned.limit_for(AWAIT_TESTS)

    assert limit.key_level == "tool"
    assert limit.limit_s == pytest.approx(120, rel=0.06)


def test_the_limit_of_a_whole_kind_is_at_least_the_default_of_the_kind() -> None:
    """Quick tools say nothing of how long a build takes."""
    learned = limits(counted(OTHER_TOOL, spread(0.2, 10_000)))

    limit = learned.limit_for(AWAIT_TESTS)

    assert (limit.key_level, limit.limit_s) == ("kind", DEFAULT_LIMITS_S["tool"])


def test_calls_without_a_tool_name_are_as_different_as_a_kind() -> None:
    chat = AWAIT_TESTS._replace(kind="llm", operation="chat", tool="", model="small")

    limit = limits(counted(chat, spread(0.2, 1_000))).limit_for(chat._replace(agent="x", model="large"))

    assert (limit.key_level, limit.limit_s) == ("tool", DEFAULT_LIMITS_S["llm"])


@pytest.mark.parametrize(
    ("kind", "limit_s"), [("llm", 120), ("tool", 60), ("agent", 900), ("never heard of", 900)]
)
def test_without_a_baseline_the_default_of_the_kind_holds(kind: str, limit_s: float) -> None:
    limit = limits().limit_for(AWAIT_TESTS._replace(kind=kind))

    assert (limit.limit_s, limit.learned, limit.key_level, limit.usual_s) == (limit_s, False, "default", None)


def test_a_default_never_contradicts_what_was_seen_to_end() -> None:
    limit = limits(counted(AWAIT_TESTS, [600.0])).limit_for(AWAIT_TESTS)

    assert not limit.learned
    assert limit.limit_s == pytest.approx(1_800, rel=0.06)


def test_a_version_with_enough_spans_is_judged_by_its_own() -> None:
    learned = limits(counted(AWAIT_TESTS, spread(1, 1_000)), counted(NEXT_VERSION, spread(50, 99)))

    limit = learned.limit_for(NEXT_VERSION)

    assert (limit.older_version, limit.samples) == (False, 99)
    assert limit.limit_s == pytest.approx(300, rel=0.06)


def test_a_new_version_borrows_from_the_older_ones_and_that_is_flagged() -> None:
    learned = limits(counted(AWAIT_TESTS, spread(10, 1_000)), counted(NEXT_VERSION, spread(10, 20)))

    limit = learned.limit_for(NEXT_VERSION)

    assert (limit.key_level, limit.older_version, limit.samples) == ("agent", True, 1_020)


def test_a_new_version_that_was_seen_to_be_slower_raises_what_it_borrowed() -> None:
    learned = limits(counted(AWAIT_TESTS, spread(1, 10_000)), counted(NEXT_VERSION, [60.0]))

    limit = learned.limit_for(NEXT_VERSION)

    assert limit.older_version
    assert limit.limit_s == pytest.approx(180, rel=0.06)


def test_a_lone_hanging_span_does_not_raise_the_limit_that_should_find_it() -> None:
    ended, hanging = counted(AWAIT_TESTS, spread(1, 99)), counted(AWAIT_TESTS, censored=[4.0])

    with_it = limits(ended, still_open=[hanging]).limit_for(AWAIT_TESTS)

    assert with_it.q99_s == limits(ended).limit_for(AWAIT_TESTS).q99_s


def test_open_spans_lengthen_a_limit_learned_from_a_short_time() -> None:
    ended, still_open = counted(AWAIT_TESTS, spread(5, 950)), counted(AWAIT_TESTS, censored=spread(4, 600))

    with_them = limits(ended, still_open=[still_open]).limit_for(AWAIT_TESTS)

    assert (with_them.usual_s or 0) > (limits(ended).limit_for(AWAIT_TESTS).usual_s or 0)
    assert with_them.censored == 599


def test_projects_learn_apart() -> None:
    learned = limits(counted(AWAIT_TESTS, spread(1, 1_000)))

    assert not learned.limit_for(AWAIT_TESTS._replace(project="another")).learned
