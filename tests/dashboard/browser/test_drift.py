"""The page of drift in a browser: its charts, its links, its form, and that names stay text."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.dashboard import fleet
from tests.dashboard.browser.reader import Reader
from tests.dashboard.drifting import CALM, SLOW, TOOLS
from tests.dashboard.fake_api import FakeApi

pytestmark = pytest.mark.browser
Read = Callable[..., Reader]
DRAWN = ".stVegaLiteChart svg, .stVegaLiteChart canvas"


def test_a_row_leads_to_its_series_and_back_leads_to_all(read: Read) -> None:
    reader = read("/drift").open_until("/drift", "duration of coder")
    reader.follows(reader.page.locator("tbody tr", has_text="duration of coder").first, f"series={SLOW}")
    reader.sees("By the hour")

    reader.page.go_back()

    reader.sees("2 series drift")
    expect(reader.page.get_by_text("By the hour")).to_have_count(0)


def test_a_series_has_its_charts_and_leads_to_traces_of_after(read: Read) -> None:
    address = f"/drift?series={SLOW}"
    reader = read(address).open_until(address, "How sure that is")

    expect(reader.page.locator(DRAWN)).to_have_count(3)
    assert reader.errors == []
    link = reader.page.get_by_role("link", name="Trace 1").first
    reader.follows(link, f"/trace\\?trace={fleet.STUCK_TRACE}")


def test_sentences_of_a_prompt_are_shown_as_they_are_written(read: Read) -> None:
    address = f"/drift?series={SLOW}"
    reader = read(address).open_until(address, "Sentences of the prompt")

    expect(reader.page.get_by_role("row", name="new prompt of coder added")).to_have_count(2)
    reader.sees("Explain *every* step before you <b>answer</b>.")
    reader.sees("Nearest known change: new prompt of coder (2 sentences added, 1 removed)")


def test_another_length_is_in_the_address(read: Read) -> None:
    address = f"/drift?series={CALM}"
    reader = read(address).open_until(address, "as usual")

    reader.follows(
        reader.page.get_by_role("button", name="28 days").or_(
            reader.page.get_by_role("radio", name="28 days")
        ),
        "days=28",
    )

    reader.sees("How sure that is")


def test_a_drift_is_accepted_with_a_reason(read: Read, api: FakeApi) -> None:
    address = f"/drift?series={TOOLS}"
    reader = read(address).open_until(address, "This is the new normal")
    page = reader.page

    page.get_by_label("Why").fill("the planner may browse now")
    page.get_by_label("Your name").fill("ann")
    page.get_by_role("button", name="Accept as the new normal").click()

    reader.sees("Accepted. The alarm ends with the next look")
    ((series, wanted),) = api.accepted
    assert (series, wanted.note, wanted.by) == (TOOLS, "the planner may browse now", "ann")


@pytest.mark.parametrize("width", [1600, 400])
def test_what_attacks_stays_text_in_charts_too(read: Read, api: FakeApi, width: int) -> None:
    api.mood = "hostile"
    for series in (SLOW, TOOLS):
        # days that no other test asks for: what was loaded is kept for some seconds, as it was
        address = f"/drift?series={series}&days=2"
        reader = read(address, width=width).open_until(address, "evil.invalid")
        expect(reader.page.locator(DRAWN).first).to_be_visible()
        reader.page.locator(DRAWN).first.hover()

        assert reader.page.locator(".stMain img").count() == 0
        assert reader.elsewhere == []
        assert reader.errors == []
        assert reader.dialogs == []
        assert not re.search("evil", reader.page.title())
