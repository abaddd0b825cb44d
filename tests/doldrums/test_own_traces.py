"""Own traces are never sent to the service itself, however its address is spelt."""

import socket
from pathlib import Path

import psutil
import pytest

from doldrums.address import Address
from doldrums.configuration import load_settings
from doldrums.errors import UserError
from doldrums.own_traces import refuse_own
from tests.doldrums.command import doldrums

OURS = {"otlp_http_address": Address("127.0.0.1", 4318), "api_address": Address("0.0.0.0", 80)}
_CARDS = [
    one.address for card in psutil.net_if_addrs().values() for one in card if one.family == socket.AF_INET
]


@pytest.mark.parametrize(
    "endpoint",
    [
        "http://localhost:4318",
        "http://LOCALHOST.:4318/v1/traces",
        "http://127.0.0.1:4318",
        "http://127.0.0.2:4318/",
        "http://127.1:4318",
        "http://2130706433:4318",
        "http://[::1]:4318",
        "http://[::ffff:127.0.0.1]:4318",
        "http://0.0.0.0:4318",
        "http://[::]:4318",
        f"http://{socket.gethostname()}:4318",
        f"https://{_CARDS[-1]}:4318/otlp",
        "http://localhost",
    ],
)
def test_an_address_of_our_own_is_refused(endpoint: str) -> None:
    with pytest.raises(UserError, match="would record the recording"):
        refuse_own(endpoint, OURS)


@pytest.mark.parametrize(
    "endpoint",
    ["http://localhost:4317", "https://localhost", "http://192.0.2.1:4318"],
)
def test_another_receiver_is_not(endpoint: str) -> None:
    refuse_own(endpoint, OURS)


def test_the_command_refuses_with_one_sentence(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    address, endpoint = f"127.0.0.1:{port}", f"http://localhost:{port}"

    ran = doldrums(
        "serve", cwd=tmp_path, DOLDRUMS_OTLP_HTTP_ADDRESS=address, DOLDRUMS_OWN_TRACES_ENDPOINT=endpoint
    )

    assert (ran.returncode, ran.stdout) == (2, "")
    assert ran.stderr == (
        "own_traces_endpoint is otlp_http_address of this doldrums itself, which would record the recording "
        "of its own traces without end: name another receiver, or leave the setting out.\n"
    )


@pytest.mark.parametrize(
    "endpoint",
    ["collector:4318", "ftp://collector", "http://", "http://me:secret@collector:4318", "http://x:y"],
)
def test_what_is_no_endpoint_is_refused_without_showing_it(
    monkeypatch: pytest.MonkeyPatch, endpoint: str
) -> None:
    monkeypatch.setenv("DOLDRUMS_OWN_TRACES_ENDPOINT", endpoint)

    with pytest.raises(
        UserError, match="DOLDRUMS_OWN_TRACES_ENDPOINT: write it as http://host:port"
    ) as refused:
        load_settings()
    assert "secret" not in str(refused.value)
