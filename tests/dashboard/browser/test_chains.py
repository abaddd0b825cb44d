"""The page of error chains: its links, its way back, its room, and that names stay text."""

from collections.abc import Callable
from itertools import combinations

import pytest
from playwright.sync_api import Locator, expect

from tests.dashboard import fleet
from tests.dashboard.browser.reader import Reader
from tests.dashboard.failing import MODEL, PAY, PROBE
from tests.dashboard.fake_api import FakeApi
from tests.dashboard.hostile import HOSTILE

pytestmark = pytest.mark.browser
Read = Callable[..., Reader]
AT_ITS_BEGINNING = f"/trace\\?trace={fleet.FAILED_TRACE}&span={fleet.FAILED_SPAN}"


@pytest.fixture
def opened(read: Read, api: FakeApi) -> Callable[..., Reader]:
    """Return a function that opens the page where errors fail traces."""

    def open_page(address: str = "/chains", **window: object) -> Reader:
        api.errors = "failing"
        reader = read(address, **window).open_until(address, "S2 serious" if "id=" in address else "· 1")
        reader.page.locator(".frame[data-ready] .marks").wait_for()
        return reader.settled()

    return open_page


def apart(one: Locator, other: Locator) -> bool:
    a, b = one.bounding_box(), other.bounding_box()
    assert a
    assert b
    return (
        a["x"] + a["width"] <= b["x"] + 1
        or b["x"] + b["width"] <= a["x"] + 1
        or a["y"] + a["height"] <= b["y"] + 1
        or b["y"] + b["height"] <= a["y"] + 1
    )


def test_a_row_leads_to_its_chain_and_back_leads_to_all(opened: Callable[..., Reader]) -> None:
    reader = opened()
    reader.follows(reader.page.locator("tbody tr", has_text="TimeoutError").first, f"/chains\\?id={PAY}")
    reader.sees("Where it began")

    reader.page.go_back()

    reader.sees("2 error chains failed traces 14 times")
    expect(reader.page.get_by_text("Where it began")).to_have_count(0)


def test_an_arrow_leads_to_the_chain_that_failed_most_there(opened: Callable[..., Reader]) -> None:
    reader = opened()

    reader.follows(reader.page.locator(".label", has_text="2 of 3"), f"id={MODEL}")

    reader.sees("RateLimitError in researcher's claude-sonnet failed 2 of 3 traces")


def test_all_of_them_are_one_click_away(opened: Callable[..., Reader]) -> None:
    reader = opened(f"/chains?id={PAY}")

    reader.follows(reader.page.get_by_role("button", name="All error chains"), "/chains$")

    reader.sees("2 error chains failed traces 14 times")
    reader.page.go_back()
    reader.sees("Where it began")


def test_a_hop_a_box_and_a_trace_lead_to_where_it_began(opened: Callable[..., Reader]) -> None:
    for where in (".box >> nth=0", "tbody tr >> nth=0", "tr:has-text('session-81')"):
        reader = opened(f"/chains?id={PAY}")

        reader.follows(reader.page.locator(where).first, AT_ITS_BEGINNING)

        expect(reader.drawn().row(fleet.FAILED_SPAN)).to_have_attribute("aria-selected", "true")


@pytest.mark.parametrize(
    ("text", "trace_id"),
    [
        ("failing call pay", fleet.FAILED_TRACE),
        (fleet.FAILED_TRACE[:8], fleet.FAILED_TRACE),
        (fleet.STUCK_TRACE[:8], fleet.STUCK_TRACE),
    ],
)
def test_what_sets_failing_traces_apart_leads_to_one_of_each(
    opened: Callable[..., Reader], text: str, trace_id: str
) -> None:
    reader = opened(height=1800)
    cause = reader.page.locator("tbody tr", has_text="failing call pay")

    reader.follows(cause.get_by_role("link", name=text), f"/trace\\?trace={trace_id}")


def test_a_ribbon_leads_to_the_chain_that_failed_most_there(opened: Callable[..., Reader]) -> None:
    reader = opened()
    hint = "From researcher to planner in 3 traces, 2 failed of it."
    ribbon = reader.page.locator(".reach.wide", has=reader.page.locator(f"title:text-is('{hint}')"))

    ribbon.dispatch_event("click")

    reader.at(f"id={MODEL}")


def test_the_overview_leads_to_the_chain(read: Read, api: FakeApi) -> None:
    api.mood, api.errors = "calm", "failing"
    reader = read("/").open_until("/", "1 error chain fails traces.")

    reader.follows(reader.page.get_by_role("link", name="Open the chain"), f"/chains\\?id={PAY}")

    reader.sees("Where it began")
    expect(reader.page).to_have_title("● 1 error chain · doldrums")


def test_the_picture_is_told_to_who_cannot_see_it(opened: Callable[..., Reader]) -> None:
    frame = opened(f"/chains?id={PAY}").page.locator(".frame:has(.marks)")

    expect(frame).to_have_attribute(
        "aria-label",
        "From buyer to lead in 12 traces, 12 failed of it. "
        "From lead to ship order in 12 traces, 12 failed of it.",
    )


@pytest.mark.parametrize("address", ["/chains", f"/chains?id={PAY}"])
@pytest.mark.parametrize("width", [1440, 420])
def test_nothing_written_in_the_picture_overlaps(
    opened: Callable[..., Reader], address: str, width: int
) -> None:
    page = opened(address, width=width).page

    for one, other in combinations(page.locator(".box, .label").all(), 2):
        assert apart(one, other)


def test_in_a_narrow_window_it_leads_from_above_and_fits(opened: Callable[..., Reader]) -> None:
    page = opened(width=420).page

    boxes = [box.bounding_box() for box in page.locator(".box").all()]
    assert len(boxes) == 7
    assert all(box and box["x"] >= 0 and box["x"] + box["width"] <= 420 for box in boxes)


def test_hostile_names_stay_text(read: Read, api: FakeApi) -> None:
    api.mood, api.errors = "hostile", "failing"
    # one that no other test has opened: a chain is kept for some seconds, as it was
    reader = read(f"/chains?id={PROBE}").open_until(f"/chains?id={PROBE}", "evil.invalid")

    expect(reader.page.locator(".box .name").first).to_have_text(f"crawler {HOSTILE}")
    assert reader.elsewhere == []
    assert reader.errors == []
    assert reader.dialogs == []
