"""A reader of the dashboard: what is seen, what is clicked, and what the browser did meanwhile."""

import re
import time
from collections.abc import Callable
from contextlib import suppress

from playwright.sync_api import ConsoleMessage, Dialog, Locator, Page, Request, WebSocket, expect
from playwright.sync_api import TimeoutError as PlaywrightTimeoutError

QUIET = """() => {
  const app = document.querySelector('[data-testid=stApp]');
  return app && app.dataset.testScriptState === 'notRunning' && document.querySelector('.dd-pulse') !== null;
}"""
OPEN_S_MAX = 60
DRAW_MS_MAX = 5_000
ALLOWED_ERRORS = (
    # Streamlit's page has one inline script, `window.prerenderReady = false`, which we do without.
    "Executing inline script violates the following Content Security Policy",
    # A page below the root is probed for a server of its own first.
    "Failed to load resource: the server responded with a status of 404",
)


class Reader:
    """Drives one page and keeps account of requests, errors and dialogs."""

    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        self._url = url
        self.elsewhere: list[str] = []
        self.errors: list[str] = []
        self.dialogs: list[str] = []
        self.received_bytes = 0
        page.on("request", self._on_request)
        page.on("console", self._on_console)
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("dialog", self._on_dialog)
        page.on("websocket", self._on_socket)

    def open(self, address: str) -> "Reader":
        self.page.goto(self._url + address, wait_until="commit")
        return self.settled()

    def open_until(self, address: str, text: str) -> "Reader":
        """Open an address until it holds a text: what was loaded before is shown for a moment."""
        deadline_s = time.monotonic() + OPEN_S_MAX
        while not self.open(address)._comes(text):
            assert time.monotonic() < deadline_s, f"{address} never held {text!r}"
        return self

    def _comes(self, text: str) -> bool:
        """Whether the page comes to hold a text: a component draws itself after the script has run."""
        try:
            self.page.get_by_text(text).first.wait_for(state="attached", timeout=DRAW_MS_MAX)
        except PlaywrightTimeoutError:
            return False
        return True

    def settled(self) -> "Reader":
        """Wait until the script has run and the shell is drawn."""
        self.page.wait_for_function(QUIET)
        return self

    @property
    def address(self) -> str:
        return self.page.url.removeprefix(self._url)

    def at(self, pattern: str) -> "Reader":
        """Wait for an address that holds all of `pattern`."""
        self.page.wait_for_url(re.compile(pattern))
        return self.settled()

    def follows(self, link: Locator, pattern: str) -> "Reader":
        """Click until the address holds `pattern`: Streamlit loses a click that falls into a redraw."""
        deadline_s = time.monotonic() + OPEN_S_MAX
        while not re.search(pattern, self.page.url):
            assert time.monotonic() < deadline_s, f"no click led to {pattern!r}"
            if link.is_visible():
                # the click before may lead away while this one is on its way
                with suppress(PlaywrightTimeoutError):
                    link.click(timeout=DRAW_MS_MAX)
            self.settled().page.wait_for_timeout(500)
        return self.settled()

    def sees(self, text: str) -> "Reader":
        expect(self.page.get_by_text(text).first).to_be_visible()
        return self

    def row(self, span_id: str) -> Locator:
        """Return a span's row in the waterfall."""
        return self.page.locator(f".row[data-id='{span_id}']")

    @property
    def tree(self) -> Locator:
        return self.page.get_by_role("treegrid")

    def drawn(self) -> "Reader":
        """Wait until the waterfall is drawn."""
        self.page.locator(".frame[data-ready]").wait_for()
        return self.settled()

    def costs(self, act: Callable[[], object]) -> int:
        """Return the bytes that came over the websocket for an act."""
        before = self.received_bytes
        act()
        self.settled()
        return self.received_bytes - before

    def _on_request(self, request: Request) -> None:
        if not request.url.startswith((self._url, "data:", "blob:")):
            self.elsewhere.append(request.url)

    def _on_console(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not message.text.startswith(ALLOWED_ERRORS):
            self.errors.append(message.text)

    def _on_dialog(self, dialog: Dialog) -> None:
        self.dialogs.append(dialog.message)
        dialog.dismiss()

    def _on_socket(self, socket: WebSocket) -> None:
        socket.on("framereceived", self._on_frame)

    def _on_frame(self, payload: str | bytes) -> None:
        self.received_bytes += len(payload)
