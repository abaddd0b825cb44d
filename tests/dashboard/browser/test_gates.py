"""What holds on every page: nothing asked of others, no errors, no dialogs, and it fits the window."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.dashboard import fleet
from tests.dashboard.browser.reader import Reader
from tests.dashboard.fake_api import FakeApi, Mood

pytestmark = pytest.mark.browser
Read = Callable[..., Reader]
PAGES = {
    "overview": "/",
    "open": "/open",
    "traces": "/traces",
    "trace": f"/trace?trace={fleet.STUCK_TRACE}&span={fleet.STUCK_SPAN}",
}
MARKS = {"normal": "planner", "hostile": "evil.invalid"}
WINDOWS = {
    "light": {},
    "dark": {"dark": True},
    "narrow": {"width": 420},
    "narrow-dark": {"width": 420, "dark": True},
}


@pytest.fixture
def screenshots(tmp_path: Path) -> Path:
    """The folder named by SCREENSHOTS, for those who want to look at the pages."""
    folder = Path(os.environ.get("SCREENSHOTS", tmp_path))
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.mark.parametrize("mood", ["normal", "hostile"])
@pytest.mark.parametrize("name", PAGES)
def test_a_page_asks_nobody_else_and_has_no_errors(read: Read, api: FakeApi, name: str, mood: Mood) -> None:
    api.mood = mood
    reader = read("/open").open_until(PAGES[name], MARKS[mood])
    if name == "trace":
        reader.drawn()
        for tab in ("Content", "Attributes", "Events", "Links", "Raw"):
            reader.page.get_by_role("tab", name=tab).click()
            reader.settled()

    assert reader.elsewhere == []
    assert reader.errors == []
    assert reader.dialogs == []


@pytest.mark.parametrize("window", WINDOWS)
@pytest.mark.parametrize("name", PAGES)
def test_a_page_fits_its_window(read: Read, screenshots: Path, name: str, window: str) -> None:
    reader = read(PAGES[name], **WINDOWS[window])
    if name == "trace":
        reader.drawn()
    reader.page.screenshot(path=screenshots / f"{name}-{window}.png")

    overflow = reader.page.evaluate(
        "() => { const main = document.querySelector('.stMain'); return main.scrollWidth - main.clientWidth; }"
    )
    assert overflow <= 0
    assert reader.errors == []


@pytest.mark.parametrize("dark", [False, True])
def test_the_theme_follows_the_system(read: Read, dark: bool) -> None:
    background = read("/", dark=dark).page.evaluate(
        "() => getComputedStyle(document.querySelector('.stApp')).backgroundColor"
    )

    assert background == ("rgb(20, 22, 26)" if dark else "rgb(255, 255, 255)")
