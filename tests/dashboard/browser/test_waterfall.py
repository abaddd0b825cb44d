"""The waterfall: windowed, keyboard-driven, cheap to click, and it speaks of durations as Python does."""

import json
import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from dashboard.wording.duration import age, duration
from tests.dashboard import fleet
from tests.dashboard.big_trace import BIG_TRACE
from tests.dashboard.browser.reader import Reader
from tests.dashboard.wording.test_duration import MEASURED

pytestmark = pytest.mark.browser
Read = Callable[..., Reader]
TRACE = f"/trace?trace={fleet.STUCK_TRACE}"
ROWS_MAX = 60
CLICK_BYTES_MAX = 20_000
BIG_BYTES_MAX = 1_500_000


def active(reader: Reader) -> str:
    """Return the name of the row that the keyboard is at."""
    row = reader.tree.get_attribute("aria-activedescendant")
    return reader.page.locator(f"#{row} .label").inner_text()


def test_it_is_used_without_a_mouse(read: Read) -> None:
    reader = read(TRACE).drawn()
    tree, press = reader.tree, reader.page.keyboard.press
    tree.focus()
    for key, name in (
        ("ArrowDown", "release 2.4"),
        ("ArrowDown", "invoke_agent planner"),
        ("End", "guardrail: scope"),
        ("Home", "release 2.4"),
        ("e", "run_sql"),
        ("ArrowLeft", "invoke_agent coder"),
        ("ArrowRight", "chat gpt-4o"),
        ("o", "invoke_agent tester"),
        ("o", "run_tests"),
    ):
        press(key)
        assert active(reader) == name

    press("Enter")

    reader.at(f"span={fleet.STUCK_SPAN}")
    expect(tree).to_be_focused()


def test_folding_hides_what_is_below(read: Read) -> None:
    reader = read(TRACE).drawn()
    reader.tree.focus()
    for key in ("ArrowDown", "ArrowDown", "ArrowLeft"):
        reader.page.keyboard.press(key)

    expect(reader.tree.get_by_role("row")).to_have_count(2)
    expect(reader.row("00000000000000a1")).to_have_attribute("aria-expanded", "false")
    expect(reader.page.get_by_text("2 of 12 spans")).to_be_visible()


def test_pointing_at_a_span_says_how_its_content_begins(read: Read) -> None:
    label = read(TRACE).drawn().row("00000000000000a6").locator(".label")

    expect(label).to_have_attribute("title", "read_file\nin: billing.py\nout: def total(): <b>…")


def test_a_pill_leaves_the_matches_and_what_leads_to_them(read: Read) -> None:
    reader = read(TRACE).drawn()
    reader.page.get_by_role("button", name="Errors 1").click()

    assert reader.tree.locator(".label").all_inner_texts() == [
        "release 2.4",
        "invoke_agent planner",
        "invoke_agent coder",
        "run_sql",
    ]
    assert active(reader) == "run_sql"
    reader.page.get_by_role("button", name="Errors 1").click()
    expect(reader.tree.get_by_role("row")).to_have_count(12)


def test_dragging_over_the_minimap_zooms_and_a_button_shows_all_again(read: Read) -> None:
    reader = read(TRACE).drawn()
    box = reader.page.locator(".map").bounding_box()
    assert box
    mouse = reader.page.mouse
    mouse.move(box["x"] + box["width"] * 0.1, box["y"] + 10)
    mouse.down()
    mouse.move(box["x"] + box["width"] * 0.4, box["y"] + 10)
    mouse.up()
    expect(reader.page.get_by_text("in view")).to_be_visible()

    reader.page.get_by_role("button", name="Whole trace").click()

    expect(reader.page.get_by_text("in view")).to_have_count(0)


def test_open_spans_are_hatched_and_count_on_and_errors_have_an_outline(read: Read) -> None:
    reader = read(TRACE).drawn()
    stuck, failed = reader.row(fleet.STUCK_SPAN), reader.row("00000000000000a7")
    expect(stuck.locator(".time")).to_contain_text("so far · waits for writer")
    before = stuck.locator(".time").inner_text()

    expect(stuck.locator(".bar")).to_have_css("background-image", re.compile("repeating-linear-gradient"))
    expect(failed.locator(".bar")).to_have_css("outline-style", "solid")
    expect(stuck.locator(".time")).not_to_have_text(before)


def test_ten_thousand_spans_cost_a_screenful_of_rows_and_little_to_click(read: Read) -> None:
    reader = read(f"/trace?trace={BIG_TRACE}").drawn()
    assert reader.received_bytes < BIG_BYTES_MAX
    assert reader.tree.get_by_role("row").count() < ROWS_MAX
    expect(reader.tree).to_have_attribute("aria-rowcount", "10000")

    for place in (5, 9):
        row = reader.tree.get_by_role("row").nth(place)
        span_id = row.get_attribute("data-id")
        assert reader.costs(lambda row=row, span_id=span_id: (row.click(), reader.at(f"span={span_id}"))) < (
            CLICK_BYTES_MAX
        )

    reader.tree.focus()
    reader.page.keyboard.press("End")
    assert reader.tree.get_by_role("row").count() < ROWS_MAX


def test_the_browser_says_durations_as_python_does(read: Read, dashboard_process: object) -> None:
    reader = read("/")
    seconds = [value for value, _ in MEASURED] + [0.4, 41.2, 724.0]
    asset = "/_stcore/bidi-components/doldrums.waterfall/duration.js"
    script = f"""async values => {{
      const {{ age, duration }} = await import('{asset}');
      return values.map(s => [duration(s * 1000), age(s * 1000)]);
    }}"""
    read(TRACE).drawn()

    said = reader.page.evaluate(script, seconds)

    assert json.loads(json.dumps(said)) == [[duration(value), age(value)] for value in seconds]
