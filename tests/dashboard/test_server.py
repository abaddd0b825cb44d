from collections.abc import Iterator

import pytest
from websockets.sync.client import connect

from dashboard.configuration import allowed_hosts
from tests.dashboard.dashboard_process import DashboardProcess, dashboard_for
from tests.loopback import http


@pytest.fixture(scope="module")
def process() -> Iterator[DashboardProcess]:
    """A dashboard whose API is away: it has to live without."""
    with dashboard_for("http://127.0.0.1:9") as process:
        yield process


def test_it_is_healthy_without_an_api(process: DashboardProcess) -> None:
    assert http.get(f"{process.url}/healthz").json() == {"ok": True, "reasons": []}


@pytest.mark.parametrize("path", ["/", "/trace?trace=1", "/healthz", "/_stcore/health", "/nowhere"])
def test_every_answer_says_what_may_be_loaded(process: DashboardProcess, path: str) -> None:
    headers = http.get(f"{process.url}{path}").headers

    assert "default-src 'self'" in headers["content-security-policy"]
    assert "connect-src 'self';" in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"


def test_another_name_for_this_address_gets_no_session(process: DashboardProcess) -> None:
    """A page elsewhere could point its own name at 127.0.0.1 and read the traces."""
    upgrade = {
        "connection": "upgrade",
        "upgrade": "websocket",
        "sec-websocket-version": "13",
        "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==",
    }

    answers = {
        host: http.get(f"{process.url}/_stcore/stream", headers={**upgrade, "host": host}).status_code
        for host in ("127.0.0.1", "evil.invalid")
    }

    assert answers == {"127.0.0.1": 101, "evil.invalid": 403}


def test_it_stops_on_sigterm_whoever_is_connected() -> None:
    process = DashboardProcess("http://127.0.0.1:9")
    with connect(f"{process.url.replace('http', 'ws')}/_stcore/stream", subprotocols=["streamlit"]):
        code, printed = process.stop()

    assert code in (0, -15)
    assert "Traceback" not in printed


def test_who_binds_every_interface_names_the_hosts_elsewhere() -> None:
    assert allowed_hosts("0.0.0.0") == ["*"]
    assert "dashboard.internal" in allowed_hosts("dashboard.internal")
