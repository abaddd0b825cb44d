"""Ways through the dashboard, as people take them."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.dashboard import fleet
from tests.dashboard.browser.reader import Reader
from tests.dashboard.fake_api import UNSEEN_TRACE, FakeApi

pytestmark = pytest.mark.browser
Read = Callable[..., Reader]
TRACE = f"/trace?trace={fleet.STUCK_TRACE}"
AT_STUCK_SPAN = f"/trace\\?trace={fleet.STUCK_TRACE}&span={fleet.STUCK_SPAN}"


def test_a_link_leads_to_exactly_that_span(read: Read) -> None:
    reader = read(f"{TRACE}&span={fleet.STUCK_SPAN}").drawn()

    expect(reader.row(fleet.STUCK_SPAN)).to_have_attribute("aria-selected", "true")
    expect(reader.row(fleet.STUCK_SPAN)).to_be_in_viewport()
    expect(reader.page.locator(".st-key-span_pane .dd-span")).to_contain_text("run_tests")


def test_back_leads_to_the_span_before(read: Read) -> None:
    reader = read(TRACE).drawn()
    first, second = "00000000000000a7", "00000000000000a2"
    reader.row(first).click()
    reader.at(f"span={first}")
    reader.row(second).click()
    reader.at(f"span={second}").sees("$0.0068")

    reader.page.go_back()

    reader.at(f"span={first}").sees("statement timeout after 30 s")
    expect(reader.row(first)).to_have_attribute("aria-selected", "true")
    expect(reader.row(second)).to_have_attribute("aria-selected", "false")


def test_back_works_a_second_time(read: Read) -> None:
    reader = read(TRACE).drawn()
    first, second = "00000000000000a7", "00000000000000a2"
    reader.row(first).click()
    for _ in range(2):
        reader.at(f"span={first}")
        reader.row(second).click()
        reader.at(f"span={second}")
        reader.page.go_back()
        expect(reader.row(first)).to_have_attribute("aria-selected", "true")


def test_the_range_goes_along_and_back_brings_it_back(read: Read) -> None:
    reader = read("/")
    reader.page.get_by_role("radio", name="6h").click()
    reader.at("range=6h")
    reader.page.get_by_role("link", name="Traces").first.click()
    reader.at("/traces.*range=6h").sees("Traces in the last 6 hours")
    reader.page.locator("tbody tr").first.click()
    reader.at("/trace\\?.*range=6h")

    reader.page.get_by_role("link", name="Overview").click()

    reader.at("/\\?range=6h$").sees("Resolved in the last 6 hours")


def test_what_needs_attention_leads_to_its_span_and_back_to_the_overview(read: Read) -> None:
    reader = read("/").sees("Needs attention")
    reader.page.get_by_role("link", name="Open the span").first.click()
    reader.at(AT_STUCK_SPAN).drawn()
    expect(reader.row(fleet.STUCK_SPAN)).to_have_attribute("aria-selected", "true")

    reader.page.go_back()

    reader.sees("Needs attention")


def test_a_suspect_leads_to_its_span_and_to_what_came_of_it(read: Read) -> None:
    reader = read(f"/trace?trace={fleet.FAILED_TRACE}").drawn().sees("What came of it")
    suspect = reader.page.locator(".st-key-suspect_1")

    for link, span_id in (("Open the span", "00000000000000b2"), ("What it came to", "00000000000000b0")):
        reader.follows(suspect.get_by_role("button", name=link), f"span={span_id}")

        expect(reader.drawn().row(span_id)).to_have_attribute("aria-selected", "true")
        expect(suspect.get_by_role("button", name=link)).to_have_count(0)


def test_a_finding_above_a_trace_leads_to_its_span_in_the_url_too(read: Read) -> None:
    reader = read(TRACE).drawn()

    reader.follows(reader.page.get_by_role("button", name="Open the span").first, AT_STUCK_SPAN)

    expect(reader.drawn().row(fleet.STUCK_SPAN)).to_have_attribute("aria-selected", "true")


def test_an_open_span_leads_to_itself_in_its_trace(read: Read) -> None:
    reader = read("/open")
    reader.page.locator("tbody tr", has_text="run_tests").click()

    reader.at(AT_STUCK_SPAN).drawn()
    expect(reader.row(fleet.STUCK_SPAN)).to_be_in_viewport()


def test_a_row_is_a_link_that_can_be_opened_elsewhere(read: Read) -> None:
    link = read("/open").page.locator("tbody tr", has_text="run_tests").get_by_role("link")

    expect(link).to_have_attribute("href", f"trace?trace={fleet.STUCK_TRACE}&span={fleet.STUCK_SPAN}")


def test_a_tile_leads_to_what_it_counts(read: Read) -> None:
    reader = read("/")

    reader.follows(reader.page.locator(".st-key-tile_3"), "/traces\\?.*status=error")

    expect(reader.page.locator("tbody tr").first).to_contain_text("failed")


def test_filters_live_in_the_url_and_back_takes_the_last_away(read: Read) -> None:
    reader = read("/traces?status=error")
    search = reader.page.get_by_label("Search")
    search.fill("ticket")
    search.press("Enter")
    reader.at("status=error.*q=ticket")
    expect(reader.page.locator("tbody tr", has_text="request")).to_have_count(0)

    reader.page.go_back()

    reader.at("status=error$")
    expect(search).to_have_value("")


def test_rows_are_sorted_by_what_they_show_and_back_again(read: Read) -> None:
    reader = read("/traces")
    first = reader.page.locator("tbody tr").first
    newest = first.inner_text()
    reader.page.get_by_role("button", name="Duration").click()
    expect(first).to_contain_text("release 2.4")

    reader.page.get_by_role("button", name="Duration").click()
    reader.page.get_by_role("button", name="Duration").click()

    expect(first).to_have_text(newest.replace("\n", "").replace("\t", ""), use_inner_text=False)


def test_an_api_that_goes_away_is_said_to_be_and_comes_back(read: Read, api: FakeApi) -> None:
    reader = read("/")
    api.mood = "error"
    reader.sees("API failing since").sees("Showing what was loaded").sees("Needs attention")

    api.mood = "normal"

    expect(reader.page.get_by_text("Live, updated")).to_be_visible()
    expect(reader.page.get_by_text("Showing what was loaded")).to_have_count(0)


def test_a_page_that_could_not_be_shown_appears_by_itself(read: Read, api: FakeApi) -> None:
    api.failing_paths.add(f"/traces/{UNSEEN_TRACE}")
    reader = read(f"/trace?trace={UNSEEN_TRACE}").sees("The API answers with an error (500).")

    api.failing_paths.clear()

    reader.drawn().sees("answer ticket 4711")


def test_the_empty_state_turns_when_the_first_span_arrives(read: Read, api: FakeApi) -> None:
    api.mood = "empty"
    reader = read("/").sees("No spans yet.")

    api.mood = "normal"

    reader.sees("First span received from")
