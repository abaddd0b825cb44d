"""Baselines are learned while another thread assembles: no hour is missed, no place kept ahead of it."""

from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from typing import Any

import pytest

from analytics.assembly.assembler import Assembler
from analytics.baselines.learning import Learning
from collector.store.store import Store
from tests.analytics.rows import NOW
from tests.builders import SECOND, span

HOURS = [NOW - timedelta(hours=back) for back in range(3)]


class Baselines:
    """Notes what it is told was touched; `meanwhile` is what happens while it counts."""

    def __init__(self) -> None:
        self.told: list[set[datetime]] = []
        self.meanwhile: Callable[[], object] = lambda: None

    def refresh(self, _now: datetime, touched: Collection[datetime]) -> None:
        self.told.append(set(touched))
        self.meanwhile()


@pytest.fixture
def baselines() -> Any:
    return Baselines()


def test_what_is_handed_over_while_baselines_are_learned_is_learned_the_next_time(baselines: Any) -> None:
    kept: list[int] = []
    learning = Learning(baselines, kept.append)
    learning.hand_over({HOURS[0]}, 10)
    learning.hand_over({HOURS[1]}, 20)
    baselines.meanwhile = lambda: learning.hand_over({HOURS[2]}, 30)

    learning.learn(NOW)
    baselines.meanwhile = lambda: None
    learning.learn(NOW)

    assert baselines.told == [{HOURS[0], HOURS[1]}, {HOURS[2]}]
    assert kept == [20, 30]


def test_where_learning_fails_no_place_is_kept_and_the_hours_are_learned_the_next_time(
    baselines: Any,
) -> None:
    kept: list[int] = []
    learning = Learning(baselines, kept.append)
    learning.hand_over({HOURS[0]}, 10)
    baselines.meanwhile = lambda: 1 / 0

    with pytest.raises(ZeroDivisionError):
        learning.learn(NOW)
    learning.hand_over({HOURS[1]}, 20)
    kept_then, baselines.meanwhile = list(kept), lambda: None
    learning.learn(NOW)

    assert (kept_then, kept) == ([], [20])
    assert baselines.told[1] == {HOURS[0], HOURS[1]}


def test_before_anything_is_handed_over_no_place_is_kept(baselines: Any) -> None:
    kept: list[int] = []

    Learning(baselines, kept.append).learn(NOW)

    assert (baselines.told, kept) == ([set()], [])


def test_what_is_assembled_while_baselines_are_learned_the_next_process_tells_again(
    store: Store, load: Any, baselines: Any
) -> None:
    assembler = Assembler(store)
    learning = Learning(baselines, assembler.keep_place)
    early_s, late_s = (int(hour.timestamp()) for hour in (HOURS[2], HOURS[1]))

    def assemble(end_s: int) -> None:
        load(span(start_ns=(end_s - 1) * SECOND, end_ns=end_s * SECOND))
        assembler.run_once()
        learning.hand_over(assembler.take_ends(), assembler.place)

    assemble(early_s)
    baselines.meanwhile = lambda: assemble(late_s)
    learning.learn(NOW)

    again = Assembler(store)
    again.run_once()
    assert [hour.timestamp() for hour in again.take_ends()] == [late_s // 3600 * 3600]
