"""How errors flow, drawn: where boxes stand, what is red, and where clicks lead."""

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from dashboard.presentation.chain_picture import chain_picture, flows_picture
from dashboard.presentation.layered_layout import layered_layout
from dashboard.presentation.layout import turned
from dashboard.presentation.ribbon import ribbons
from tests.dashboard import fleet
from tests.dashboard.failing import FLOWS, PAY, PROBE, chains, detail, flow

PAIRS = st.tuples(st.integers(0, 12), st.integers(0, 12)).map(lambda pair: (f"n{pair[0]}", f"n{pair[1]}"))
BOX_PX = 46


def test_errors_flow_from_where_they_began_to_the_root_and_only_what_failed_it_is_red() -> None:
    drawn = flows_picture(FLOWS, chains("over").items)
    assert drawn

    boxes = {box.label: (box.column, box.tone, box.note) for box in drawn.boxes}
    assert boxes == {
        "researcher": (0, "failed", "RateLimitError in claude-sonnet"),
        "buyer": (1, "failed", "TimeoutError in pay"),
        "planner": (1, "failed", ""),
        "lead": (2, "failed", ""),
        "ship order": (3, "failed", "14 failed"),
        "crawler": (0, "behind", "NotFound in fetch"),
        "indexer": (1, "free", "1 failed"),
    }
    arrows = {(drawn.boxes[one.source].label, one.label): one.tone for one in drawn.arrows}
    assert arrows["buyer", "12 of 14"] == "failed"
    assert arrows["crawler", "1 of 40"] == "contained"
    assert "From buyer to lead in 14 traces, 12 failed of it." in drawn.caption


def test_a_way_is_as_wide_as_its_traces_and_red_as_far_as_they_failed() -> None:
    drawn = flows_picture(FLOWS, chains("over").items)
    assert drawn

    found = {arrow.label: arrow.ribbon for arrow in drawn.arrows}
    widths = {label: (ribbon.width_px, ribbon.failed_px) for label, ribbon in found.items() if ribbon}
    assert widths == {
        "1 of 40": (28.0, 0.7),
        "12 of 14": (9.8, 8.4),
        "14": (9.8, 9.8),
        "2 of 3": (2.1, 1.4),
        "2": (2.0, 2.0),
    }


def test_what_leads_back_or_past_a_column_is_an_arrow() -> None:
    drawn = flows_picture([flow("a", "b", 3, 0), flow("b", "c", 3, 0), flow("a", "c", 1, 0)], [])
    assert drawn

    assert [arrow.ribbon is None for arrow in drawn.arrows] == [False, False, True]


@given(st.lists(st.tuples(PAIRS, st.integers(0, 10**9)), min_size=1, max_size=40))
def test_ribbons_stay_within_their_boxes(flowing: list[tuple[tuple[str, str], int]]) -> None:
    flows = [flow(*pair, traces, traces // 2) for pair, traces in dict(flowing).items()]

    for ribbon in ribbons(flows, lambda node: float(node[1:])).values():
        assert 0 <= ribbon.failed_px <= ribbon.width_px <= 28
        assert abs(ribbon.leaves_px) <= 14
        assert abs(ribbon.enters_px) <= 14


def test_a_click_leads_to_the_chain_that_failed_most_there() -> None:
    drawn = flows_picture(FLOWS, chains("over").items)
    assert drawn

    picks = {box.label: box.pick for box in drawn.boxes}
    assert (picks["lead"], picks["crawler"]) == (PAY, PROBE)
    assert {arrow.href for arrow in drawn.arrows if arrow.label == "12 of 14"} == {f"chains?id={PAY}"}


def test_of_one_chain_a_click_leads_to_the_span_at_which_it_got_there() -> None:
    found = detail("over", PAY)
    assert found
    drawn = chain_picture(found)
    assert drawn

    assert [(box.label, box.pick.partition("/")[2]) for box in drawn.boxes] == [
        ("buyer", "00000000000000b4"),
        ("lead", "00000000000000b2"),
        ("ship order", "00000000000000b1"),
    ]
    assert drawn.arrows[0].href == f"trace?trace={fleet.FAILED_TRACE}&span=00000000000000b2"


def test_what_stayed_where_it_began_is_no_picture() -> None:
    assert flows_picture([], chains("stayed").items) is None


def test_errors_that_go_in_a_circle_are_drawn_with_a_bow() -> None:
    drawn = flows_picture([flow("a", "b", 3, 0), flow("b", "a", 1, 0), flow("b", "c", 2, 0)], [])
    assert drawn

    assert sum(arrow.bowed for arrow in drawn.arrows) == 1


def test_more_than_forty_are_drawn_without_what_failed_nothing_or_not_at_all() -> None:
    many = [flow(f"a{place}", "lead", 1, 0) for place in range(60)]

    drawn = flows_picture([*FLOWS, *many], [])

    assert drawn
    assert len(drawn.boxes) == 7
    assert flows_picture(many, []) is None
    assert flows_picture(chains("big").flows, chains("big").items) is None


def test_for_narrow_places_it_leads_from_above_to_below() -> None:
    drawn = flows_picture(FLOWS, chains("over").items)
    assert drawn
    assert drawn.narrow

    down = sorted(drawn.narrow.boxes, key=lambda box: box.y_px)
    assert [box.label for box in down[-2:]] == ["lead", "ship order"]
    assert drawn.narrow.columns == 3


@given(st.lists(PAIRS, min_size=1, max_size=40))
def test_what_is_turned_never_overlaps(pairs: list[tuple[str, str]]) -> None:
    layout = turned(layered_layout(pairs), 12)
    if layout is None:
        return

    for one, other in combinations(layout.places.values(), 2):
        assert abs(one.column - other.column) >= 1 or abs(one.y_px - other.y_px) >= BOX_PX
    for place in layout.places.values():
        assert 0 <= place.column <= layout.columns - 1
        assert BOX_PX / 2 <= place.y_px <= layout.height_px - BOX_PX / 2
