"""A real Chromium on a real dashboard; the API behind it is the fake one."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.dashboard.browser.reader import Reader
from tests.dashboard.dashboard_process import DashboardProcess, dashboard_for
from tests.dashboard.fake_api import FakeApi, serving

ARGUMENTS = [
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
]
WAIT_MS_MAX = 60_000


@pytest.fixture(scope="session")
def browser_api() -> Iterator[FakeApi]:
    with serving() as server:
        yield server


@pytest.fixture(scope="session")
def dashboard_process(browser_api: FakeApi) -> Iterator[DashboardProcess]:
    with dashboard_for(browser_api.url) as process:
        yield process


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A browser for a module: a running Playwright keeps others from having an event loop."""
    expect.set_options(timeout=WAIT_MS_MAX)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=ARGUMENTS)
        yield chromium
        chromium.close()


@pytest.fixture
def api(browser_api: FakeApi) -> FakeApi:
    browser_api.mood = "normal"
    browser_api.scene = "calm"
    browser_api.errors = "over"
    browser_api.failing_paths.clear()
    browser_api.accepted.clear()
    browser_api.key_needed = ""
    browser_api.delay_s = 0.0
    return browser_api


@pytest.fixture
def read(
    browser: Browser, dashboard_process: DashboardProcess, api: FakeApi
) -> Iterator[Callable[..., Reader]]:
    """Return a function that opens an address for a reader of its own, in a light or dark window."""
    contexts = []

    def open_address(address: str, *, dark: bool = False, width: int = 1440, height: int = 900) -> Reader:
        context = browser.new_context(
            viewport={"width": width, "height": height}, color_scheme="dark" if dark else "light"
        )
        context.set_default_timeout(WAIT_MS_MAX)
        contexts.append(context)
        page: Page = context.new_page()
        return Reader(page, dashboard_process.url).open(address)

    yield open_address
    for context in contexts:
        context.close()
