"""The four pages in a real browser, on the real service with real spans in it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.captures.labels import capture_label, capture_requests
from tests.loopback import http
from tests.service import Service

CAPTURE = "unfinished_deadlock_logfire"
CHROMIUM = "/usr/bin/chromium"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    folder: Path = tmp_path_factory.mktemp("browser")
    with Service(folder, dashboard=True) as service:
        for path in capture_requests(CAPTURE):
            http.post(
                f"{service.url('otlp_http')}/v1/traces",
                content=path.read_bytes(),
                headers={"content-type": "application/x-protobuf"},
            ).raise_for_status()
        service.wait_until_stored(len(capture_label(CAPTURE).spans))
        yield service


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Browser, service: Service) -> Iterator[Page]:
    page = browser.new_page(base_url=service.url("dashboard"))
    page.set_default_timeout(60_000)
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    yield page
    outside = [
        url for url in requests if not url.startswith((service.url("dashboard"), "data:", "blob:", "ws:"))
    ]
    page.close()
    assert not outside


@pytest.mark.browser
@pytest.mark.parametrize(
    ("path", "words"),
    [
        pytest.param("/?range=7d", "planner", id="overview"),
        pytest.param("/traces?range=7d", "team_run", id="traces"),
        pytest.param(
            f"/trace?trace={capture_label(CAPTURE).traces[0].trace_id}", "wait_for_reviewer", id="trace"
        ),
        pytest.param("/open?range=7d", "wait_for_planner", id="open and stuck"),
    ],
)
def test_a_page_shows_what_was_sent(page: Page, path: str, words: str) -> None:
    page.goto(path)

    expect(page.get_by_text(words).first).to_be_visible(timeout=60_000)
