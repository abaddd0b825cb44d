"""What is usual of traces is learned from those that ended well, an hour at a time."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.baselines.habit import habit_of
from analytics.baselines.habits import Habits
from collector.store.store import Store
from tests.analytics.detectors.conversation import Conversation
from tests.analytics.detectors.looking import assembled
from tests.analytics.rows import NOW

NEXT_HOUR = NOW + timedelta(hours=1)
# The root, and the agent nearest to it.
SHIP = "invoke_workflow ship\0coder"


def several(count: int, tools: int, *, name: str = "", error: str | None = None) -> list[Any]:
    spans = []
    for _ in range(count):
        talk = Conversation()
        for _ in range(tools):
            talk.tool("search", "ttl", "see the manual")
        *calls, root = talk.ended()
        root.name = name or root.name
        if error:
            root.status.code, root.status.message = 2, error
        spans += [*calls, root]
    return spans


def refreshed(store: Store) -> Habits:
    assembled(store)
    habits = Habits(store)
    habits.refresh(NEXT_HOUR)
    return habits


def test_spans_children_and_repeats_of_like_traces_are_learned(store: Store, load: Any) -> None:
    load(*several(90, 2), *several(10, 5))

    habits = refreshed(store)

    spans = habits.habit("default", "spans", SHIP)
    assert (spans.n, spans.q50, spans.q99, spans.q995) == (100, 3, 6, None)
    assert habits.habit("default", "children", SHIP).q99 == 5
    assert habits.habit("default", "repeats", "coder\0search").q99 == 5


def test_how_often_a_tool_is_called_again_in_a_minute_is_learned(store: Store, load: Any) -> None:
    spans: list[Any] = []
    for minute in range(100):
        # of ten first attempts one fails, and is made again
        for number in range(10):
            talk = Conversation(began_s_ago=10_000 + 60 * minute)
            for error in ["429", None] if number == 0 else [None]:
                talk.tool("book", {"seat": 7}, error=error)
            spans += talk.ended()
    load(*spans)

    habit = refreshed(store).habit("default", "retries", "tool:book")

    assert (habit.n, habit.q50, habit.q99) == (100, 0.1, 0.1)


def test_how_often_an_answer_is_empty_is_learned(store: Store, load: Any) -> None:
    talk = Conversation()
    for number in range(99):
        talk.tool("search", "ttl", [] if number == 0 else "see the manual")
    load(*talk.ended())

    habit = refreshed(store).habit("default", "empty", "coder\0search")

    assert (habit.n, habit.q50, habit.q99) == (99, 0, 1)


def test_traces_that_failed_are_not_what_is_usual(store: Store, load: Any) -> None:
    load(*several(99, 2), *several(20, 50, error="gave up"))

    assert refreshed(store).habit("default", "spans", SHIP).q99 == 3


def test_names_that_hold_ids_are_of_one_kind(store: Store, load: Any) -> None:
    load(
        *(
            span
            for number in range(99)
            for span in several(1, 1, name=f"job 1f00ab{number:04x}-cafe of {number}")
        )
    )

    assert refreshed(store).habit("default", "spans", "job # of #\0coder").n == 99


def test_too_few_teach_nothing(store: Store, load: Any) -> None:
    load(*several(98, 2))

    assert refreshed(store).habit("default", "spans", SHIP) is None


def test_an_hour_is_counted_once_it_has_settled_and_again_after_a_restart_only_if_it_was_not(
    store: Store, load: Any
) -> None:
    load(*several(99, 2))
    assembled(store)
    early = Habits(store)
    early.refresh(NOW)
    assert early.habit("default", "spans", SHIP) is None

    assert refreshed(store).habit("default", "spans", SHIP).n == 99
    assert refreshed(store).habit("default", "spans", SHIP).n == 99


def test_hours_of_no_trace_cost_nothing(store: Store, load: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """After a first start most hours of a day are such; a statement for each took half a second, or more."""
    load(*several(1, 2))
    assembled(store)
    counted: list[int] = []
    monkeypatch.setattr(store, "command", lambda _, parameters: counted.append(parameters["hour_s"]))

    Habits(store).refresh(NEXT_HOUR + timedelta(hours=5))

    assert len(counted) == 1


@given(st.lists(st.integers(0, 50), min_size=99, max_size=3_000), st.sampled_from(["q99", "q995", "q999"]))
def test_at_most_its_share_of_what_was_learned_from_is_beyond_a_quantile(
    values: list[int], name: str
) -> None:
    counts = {value: values.count(value) for value in sorted(set(values))}

    habit = habit_of(list(counts), list(counts.values()))

    limit = getattr(habit, name)
    alpha = {"q99": 0.01, "q995": 0.005, "q999": 0.001}[name]
    assert (limit is None) == (len(values) < round(1 / alpha) - 1)
    assert limit is None or sum(value > limit for value in values) <= alpha * (len(values) + 1)


@pytest.mark.parametrize("value", [101, 1_234_567])
def test_large_values_are_rounded_up(store: Store, load: Any, value: int) -> None:
    talks = []
    for _ in range(99):
        talk = Conversation()
        talk.model("go", input_tokens=value - 10)
        talks += talk.ended()
    load(*talks)

    assert value <= refreshed(store).habit("default", "tokens", SHIP).q99 <= 1.1 * value


def test_how_often_a_call_fails_in_traces_that_go_well_is_learned(store: Store, load: Any) -> None:
    spans: list[Any] = []
    for number in range(100):
        talk = Conversation()
        talk.tool("get_profile", {"customer": number}, error="404" if number % 4 else None)
        spans += talk.ended()
    load(*spans)

    habit = refreshed(store).habit("default", "failed", "coder\0get_profile")

    assert (habit.n, habit.q50) == (100, 1)
