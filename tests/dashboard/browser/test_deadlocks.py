"""The picture of who waits for whom: its links, its keys, its room, and that names stay text."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.dashboard import fleet
from tests.dashboard.browser.reader import Reader
from tests.dashboard.fake_api import FakeApi
from tests.dashboard.hostile import HOSTILE
from tests.dashboard.waiting import PAST_ID, RING_ID, Scene

pytestmark = pytest.mark.browser
Read = Callable[..., Reader]


@pytest.fixture
def ring(read: Read, api: FakeApi) -> Callable[..., Reader]:
    """Return a function that opens the page where there is a ring."""

    def opened(scene: Scene = "ring", **window: object) -> Reader:
        api.scene = scene
        reader = read("/deadlocks", **window)
        return drawn(reader.open_until("/deadlocks", "Break this wait first"))

    return opened


def drawn(reader: Reader) -> Reader:
    reader.page.locator(".frame[data-ready] .marks").wait_for()
    return reader.settled()


def test_the_ring_is_drawn_with_its_queue_and_the_tab_says_so(ring: Callable[..., Reader]) -> None:
    page = ring().page

    expect(page.locator(".box.ring .name")).to_have_text(["planner", "coder", "tester", "writer"])
    expect(page.locator(".box.behind .name")).to_have_text(["billing", "router", "reviewer"])
    expect(page.locator(".label")).to_contain_text(["code · 1m", "tests · 1m", "docs · 1m", "plan · 1m"])
    expect(page.locator(".label.cut")).to_contain_text("break first")
    expect(page.get_by_role("link", name="Deadlocks · 1")).to_be_visible()
    expect(page).to_have_title("● 1 deadlock · doldrums")


def test_an_edge_leads_to_the_waiting_span(ring: Callable[..., Reader]) -> None:
    reader = ring()

    reader.follows(reader.page.locator(".label.cut"), f"trace={fleet.STUCK_TRACE}&span=00000000000000d2")


def test_the_line_itself_can_be_clicked(ring: Callable[..., Reader]) -> None:
    reader = ring()
    reader.page.locator(".reach.cut").dispatch_event("click")

    reader.at("span=00000000000000d2")


def test_a_box_leads_to_its_trace_and_back_leads_to_the_ring(ring: Callable[..., Reader]) -> None:
    reader = ring()
    reader.follows(reader.page.locator(".box.ring").first, f"/trace\\?trace={fleet.STUCK_TRACE}$")

    reader.page.go_back()

    reader.sees("Break this wait first")


def test_boxes_and_edges_are_links_for_the_keyboard(ring: Callable[..., Reader]) -> None:
    reader = ring()
    reader.page.locator(".label.cut").focus()

    reader.page.keyboard.press("Enter")

    reader.at("span=00000000000000d2")


def test_the_picture_is_told_to_who_cannot_see_it(ring: Callable[..., Reader]) -> None:
    frame = ring().page.locator(".frame:has(.marks)")

    expect(frame).to_have_attribute("aria-label", "planner waits for coder (code). coder waits for tester (tests). tester waits for writer (docs). writer waits for planner (plan). reviewer waits for coder (patch). billing waits for planner (reply). router waits for billing (reply).")  # fmt: skip # noqa: E501


def test_a_focus_outlives_a_refresh(ring: Callable[..., Reader]) -> None:
    reader = ring()
    label = reader.page.locator(".label.cut")
    label.focus()
    before = label.inner_text()
    expect(label).not_to_have_text(before)

    expect(label).to_be_focused()


def test_a_hop_leads_to_its_span(ring: Callable[..., Reader]) -> None:
    reader = ring()

    reader.follows(reader.page.locator("tbody tr", has_text="tests").first, "span=00000000000000d1")


def test_in_a_narrow_window_the_ring_stands_alone_and_fits(ring: Callable[..., Reader]) -> None:
    page = ring(width=420).page

    expect(page.locator(".box.ring")).to_have_count(4)
    expect(page.locator(".box.behind")).to_have_count(0)
    expect(page.get_by_text("Waiting behind it")).to_be_visible()


@pytest.mark.parametrize("scene", ["ring", "pair", "locks"])
def test_nothing_written_in_the_picture_overlaps(ring: Callable[..., Reader], scene: Scene) -> None:
    for width in (1440, 420):
        page = ring(scene, width=width).page
        boxes = [box.bounding_box() for box in page.locator(".box, .label").all()]

        for place, one in enumerate(boxes):
            for other in boxes[place + 1 :]:
                assert one
                assert other
                apart = (
                    one["x"] + one["width"] <= other["x"] + 1
                    or other["x"] + other["width"] <= one["x"] + 1
                    or one["y"] + one["height"] <= other["y"] + 1
                    or other["y"] + other["height"] <= one["y"] + 1
                )
                assert apart, (one, other)


def test_hostile_names_stay_text_and_the_picture_keeps_its_form(
    ring: Callable[..., Reader], api: FakeApi
) -> None:
    api.mood = "hostile"
    reader = ring()

    expect(reader.page.locator(".box .name").first).to_have_text(HOSTILE)
    assert reader.elsewhere == []
    assert reader.errors == []
    assert reader.dialogs == []


def test_the_overview_leads_to_the_ring(read: Read, api: FakeApi) -> None:
    api.scene = "ring"
    reader = read("/").open_until("/", "1 deadlock holds 4 agents.")

    reader.follows(reader.page.get_by_role("link", name="Open the ring"), f"/deadlocks\\?id={RING_ID}")

    drawn(reader).sees("Break this wait first")


def test_a_past_one_can_be_linked_to(read: Read) -> None:
    reader = read("/deadlocks").sees("Past deadlocks")

    reader.follows(reader.page.locator("tbody tr").first, f"id={PAST_ID}")

    reader.sees("Resolved: ")


def test_calm_shows_the_whole_graph_when_asked(read: Read) -> None:
    reader = read("/deadlocks").open_until("/deadlocks", "No deadlock.")
    reader.page.get_by_text("Show the whole wait graph").click()

    drawn(reader)
    expect(reader.page.locator(".box")).to_have_count(6)
