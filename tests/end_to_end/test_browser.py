"""The five pages in a real browser, on the real service with real spans in it."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from doldrums_client import OpenSpanProcessor
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.trace import set_span_in_context
from playwright.sync_api import Browser, Page, ViewportSize, expect, sync_playwright

from tests.captures.labels import capture_label, capture_requests
from tests.captures.moved import moved_to_now
from tests.loopback import http
from tests.service import Service, until

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
WIDE: ViewportSize = {"width": 1440, "height": 900}
NARROW: ViewportSize = {"width": 420, "height": 900}
LIGHT, DARK = "rgb(255, 255, 255)", "rgb(20, 22, 26)"
FITS = (
    "() => { const main = document.querySelector('.stMain'); return main.scrollWidth <= main.clientWidth; }"
)


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    folder: Path = tmp_path_factory.mktemp("browser")
    with Service(folder, dashboard=True) as service:
        for body in moved_to_now([path.read_bytes() for path in capture_requests(CAPTURE)]):
            send(service, body)
        service.wait_until_stored(len(capture_label(CAPTURE).spans))
        yield service


def send(service: Service, content: bytes) -> None:
    headers = {"content-type": "application/x-protobuf"}
    http.post(f"{service.url('otlp_http')}/v1/traces", content=content, headers=headers).raise_for_status()


@pytest.fixture(scope="module")
def ring(service: Service) -> Iterator[str]:
    """Two agents that wait for each other, the buyer for longer; the address of their ring."""
    provider = TracerProvider(resource=Resource({"service.name": "shop"}), shutdown_on_exit=False)
    provider.add_span_processor(OpenSpanProcessor(endpoint=service.url("otlp_http")))
    tracer, kept = provider.get_tracer("shop"), []
    for agent, other in (("buyer", "seller"), ("seller", "buyer")):
        about = {"gen_ai.operation.name": "invoke_agent", "gen_ai.agent.name": agent}
        waits = {"doldrums.wait.on": other, "doldrums.wait.kind": "agent"}
        kept.append(tracer.start_span(f"invoke_agent {agent}", attributes=about))
        kept.append(tracer.start_span("wait", set_span_in_context(kept[-1]), attributes=waits))

    def found() -> list[str]:
        items = service.get("/findings", detector="deadlock", state="open", agent="buyer")["items"]
        return [finding["id"] for finding in items]

    until(found, 60)
    yield f"/deadlocks?id={found()[0]}"
    provider.shutdown()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Browser, service: Service, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A page, in the window that the test asks for."""
    page = browser.new_page(base_url=service.url("dashboard"), **getattr(request, "param", {}))
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
        pytest.param("/deadlocks", "Break this wait first", id="deadlocks"),
    ],
)
def test_a_page_shows_what_was_sent(page: Page, path: str, words: str) -> None:
    page.goto(path)

    expect(page.get_by_text(words).first).to_be_visible(timeout=60_000)


@pytest.mark.browser
@pytest.mark.parametrize(
    ("page", "background"),
    [
        pytest.param({"viewport": WIDE}, LIGHT, id="light"),
        pytest.param({"viewport": WIDE, "color_scheme": "dark"}, DARK, id="dark"),
        pytest.param({"viewport": NARROW}, LIGHT, id="narrow"),
    ],
    indirect=["page"],
)
def test_a_ring_is_drawn_in_every_window_with_the_wait_to_break(
    page: Page, ring: str, background: str
) -> None:
    page.goto(ring)

    expect(page.get_by_text("Break this wait first").first).to_be_visible(timeout=60_000)
    expect(page.locator(".box.ring .name")).to_have_text(["buyer", "seller"], timeout=60_000)
    expect(page.locator(".stApp")).to_have_css("background-color", background)
    page.wait_for_function(FITS)


@pytest.mark.browser
def test_a_ring_stays_in_sight_while_the_api_does_not_answer(page: Page, service: Service, ring: str) -> None:
    page.goto(ring)
    names, stale = page.locator(".box.ring .name"), page.get_by_text("Showing what was loaded").first
    expect(names).to_have_text(["buyer", "seller"], timeout=60_000)

    os.kill(service.pids["core"], signal.SIGSTOP)
    try:
        expect(stale).to_be_visible(timeout=60_000)
        expect(names).to_have_text(["buyer", "seller"])
    finally:
        os.kill(service.pids["core"], signal.SIGCONT)

    expect(stale).to_be_hidden(timeout=60_000)


@pytest.mark.browser
def test_where_nothing_was_sent_the_page_of_deadlocks_says_so(browser: Browser, tmp_path: Path) -> None:
    with Service(tmp_path, dashboard=True) as empty:
        page = browser.new_page(base_url=empty.url("dashboard"))
        page.goto("/deadlocks")

        expect(page.get_by_text("No deadlock.").first).to_be_visible(timeout=60_000)
        page.close()
