"""What holds on every page: nothing asked of others, no errors, no dialogs, and it fits the window."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.dashboard import fleet
from tests.dashboard.browser.reader import Reader
from tests.dashboard.contracted import LOOK_UP
from tests.dashboard.drifting import SLOW, TOOLS
from tests.dashboard.failing import MODEL
from tests.dashboard.fake_api import FakeApi, Mood
from tests.dashboard.waiting import Scene

pytestmark = pytest.mark.browser
Read = Callable[..., Reader]
PAGES = {
    "overview": "/",
    "open": "/open",
    "deadlocks": "/deadlocks",
    "chains": "/chains",
    "chain": f"/chains?id={MODEL}",
    "contracts": "/contracts",
    "contract": f"/contracts?id={LOOK_UP}",
    "checklist": "/checklist",
    "drift": "/drift",
    "series": f"/drift?series={SLOW}",
    "series of tools": f"/drift?series={TOOLS}",
    "traces": "/traces",
    "failed": f"/trace?trace={fleet.FAILED_TRACE}",
    "trace": f"/trace?trace={fleet.STUCK_TRACE}&span={fleet.STUCK_SPAN}",
}
MARKS = {"normal": "planner", "hostile": "evil.invalid"}
SCENE: Scene = "ring"
LIGHT, DARK = "rgb(255, 255, 255)", "rgb(20, 22, 26)"
WINDOWS = [
    pytest.param({"width": 1440, "dark": False}, LIGHT, id="light"),
    pytest.param({"width": 1440, "dark": True}, DARK, id="dark"),
    pytest.param({"width": 420, "dark": False}, LIGHT, id="narrow"),
    pytest.param({"width": 420, "dark": True}, DARK, id="narrow and dark"),
]
# a component's frame has its width once it is drawn
FITS = (
    "() => { const main = document.querySelector('.stMain'); return main.scrollWidth <= main.clientWidth; }"
)
BACKGROUND = "() => getComputedStyle(document.querySelector('.stApp')).backgroundColor"


@pytest.fixture
def screenshots(tmp_path: Path) -> Path:
    """The folder named by SCREENSHOTS, for those who want to look at the pages."""
    folder = Path(os.environ.get("SCREENSHOTS", tmp_path))
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.mark.parametrize("mood", ["normal", "hostile"])
def test_no_page_asks_anybody_else_or_has_errors(read: Read, api: FakeApi, mood: Mood) -> None:
    api.mood, api.scene, api.errors = mood, SCENE, "failing"
    reader = read("/open")
    for address in PAGES.values():
        reader.open_until(address, MARKS[mood])
    reader.drawn()
    for tab in ("Content", "Attributes", "Events", "Links", "Raw"):
        reader.page.get_by_role("tab", name=tab).click()
        reader.settled()

    assert reader.elsewhere == []
    assert reader.errors == []
    assert reader.dialogs == []


@pytest.mark.parametrize(("window", "background"), WINDOWS)
def test_pages_fit_the_window_and_follow_its_theme(
    read: Read, api: FakeApi, screenshots: Path, window: dict[str, Any], background: str
) -> None:
    api.scene, api.errors = SCENE, "failing"
    reader = read("/", **window)
    for name, address in PAGES.items():
        reader.open(address)
        if name == "trace":
            reader.drawn()
        reader.page.wait_for_function(FITS)
        reader.page.screenshot(path=screenshots / f"{name}-{'-'.join(map(str, window.values()))}.png")

        assert reader.page.evaluate(BACKGROUND) == background
    assert reader.errors == []
