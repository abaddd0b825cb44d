"""Where boxes stand: never one upon another, whatever waits for whom."""

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.presentation.deadlock import deadlocks
from dashboard.presentation.layered_layout import layered_layout
from dashboard.presentation.layout import Layout
from dashboard.presentation.ring_layout import ring_layout
from dashboard.presentation.wait_picture import graph_picture, hidden_note, ring_picture
from dashboard.presentation.waiting import Waiting, waiting
from tests.dashboard import fleet
from tests.dashboard.waiting import Scene, waits

BOX_PX = 46
PAIRS = st.tuples(st.integers(0, 12), st.integers(0, 12)).map(lambda pair: (f"n{pair[0]}", f"n{pair[1]}"))


def looked(scene: Scene) -> Waiting:
    return waiting(waits(scene), fleet.NOW)


def assert_apart(layout: Layout) -> None:
    for one, other in combinations(layout.places.values(), 2):
        assert abs(one.column - other.column) >= 0.6 or abs(one.y_px - other.y_px) >= BOX_PX - 0.2
    for place in layout.places.values():
        assert 0 <= place.column <= layout.columns - 1
        assert BOX_PX / 2 <= place.y_px <= layout.height_px - BOX_PX / 2


@given(st.integers(2, 40), st.lists(st.integers(0, 100), max_size=30))
def test_a_ring_and_its_queue_never_overlap(size: int, choices: list[int]) -> None:
    ring = [f"m{place}" for place in range(size)]
    tails: dict[str, str] = {}
    for place, choice in enumerate(choices):
        known = [*ring, *tails]
        tails[f"v{place}"] = known[choice % len(known)]

    layout = ring_layout(ring, tails)

    assert set(layout.places) == {*ring, *tails}
    assert_apart(layout)


@given(st.lists(PAIRS, max_size=40))
def test_a_graph_never_overlaps_and_leads_from_left_to_right(pairs: list[tuple[str, str]]) -> None:
    layout = layered_layout(pairs)

    assert set(layout.places) == {node for pair in pairs for node in pair}
    if pairs:
        assert_apart(layout)


def test_a_chain_stands_in_a_row() -> None:
    layout = layered_layout([(f"n{place}", f"n{place + 1}") for place in range(2000)])

    assert layout.columns == 2001
    assert len({place.y_px for place in layout.places.values()}) == 1


def test_a_ring_of_four_stands_clockwise_from_the_top() -> None:
    places = ring_layout(["a", "b", "c", "d"], {}).places

    assert [places[name].column for name in "abcd"] == [1, 2, 1, 0]
    assert places["a"].y_px < places["b"].y_px == places["d"].y_px < places["c"].y_px


def test_the_ring_is_told_from_its_queue_and_the_wait_to_break_is_marked() -> None:
    now = looked("ring")
    [one] = deadlocks(now.waits, [])
    drawn = ring_picture(one, now)
    assert drawn
    assert drawn.narrow

    assert [box.tone for box in drawn.boxes] == ["ring"] * 4 + ["behind"] * 3
    assert [(arrow.tone, arrow.label) for arrow in drawn.arrows] == [
        *(("ring", resource) for resource in ("code", "tests", "docs", "plan")),
        *[("queue", None)] * 3,
    ]
    assert [arrow.cut for arrow in drawn.arrows].index(True) == 2
    assert [box.label for box in drawn.narrow.boxes] == ["planner", "coder", "tester", "writer"]
    assert drawn.caption.startswith("planner waits for coder (code). coder waits for tester (tests).")
    assert hidden_note(one, now) == "1 other waiter outside of this ring."


def test_a_box_leads_to_its_agent_s_trace_and_an_arrow_to_the_waiting_span() -> None:
    now = looked("ring")
    drawn = ring_picture(deadlocks(now.waits, [])[0], now)
    assert drawn

    assert drawn.boxes[0].pick == fleet.STUCK_TRACE
    assert drawn.arrows[2].pick == f"{fleet.STUCK_TRACE}/00000000000000d2"
    assert drawn.arrows[2].href == f"trace?trace={fleet.STUCK_TRACE}&span=00000000000000d2"


def test_a_lock_is_called_one_and_is_held() -> None:
    now = looked("locks")
    drawn = ring_picture(deadlocks(now.waits, [])[0], now)
    assert drawn

    assert [(box.label, box.note) for box in drawn.boxes[:2]] == [("coder", ""), ("index", "lock")]
    assert [arrow.label for arrow in drawn.arrows] == ["index", "held", "repo", "held"]
    assert "coder waits for index. index is held by writer." in drawn.caption


@pytest.mark.parametrize(("scene", "boxes"), [("calm", 6), ("ring", 9), ("several", 12)])
def test_the_whole_graph_shows_everything_that_waits_or_is_waited_for(scene: Scene, boxes: int) -> None:
    drawn = graph_picture([], looked(scene))
    assert drawn

    assert len(drawn.boxes) == boxes
    assert {arrow.label for arrow in drawn.arrows} == {None}


def test_more_nodes_than_forty_are_no_picture() -> None:
    assert graph_picture([], looked("big")) is None
