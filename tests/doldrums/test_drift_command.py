"""`doldrums drift compare` as a user runs it, against an API over a socket and what was really counted."""

import json
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from datetime import date
from functools import partial
from pathlib import Path

import pytest
import uvicorn

from analytics.api.drift_comparison import router
from analytics.series.comparing import compare
from collector.store.store import Store
from tests.analytics.application import application
from tests.analytics.loading import loading_into
from tests.analytics.series.two_days import AFTER, BEFORE, HOSTILE, counted
from tests.doldrums.command import doldrums

Answer = subprocess.CompletedProcess[str]


@pytest.fixture(scope="module")
def address(opened_store: Store, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where the API of two days is served."""
    counted(opened_store, loading_into(opened_store, tmp_path_factory.mktemp("segments")))
    app = application(router(partial(compare, opened_store, lambda _: date.min)))
    server = uvicorn.Server(uvicorn.Config(app, log_level="critical"))
    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        while not server.started:
            time.sleep(0.01)
        yield f"127.0.0.1:{listening.getsockname()[1]}"
        server.should_exit = True
        thread.join(timeout=5)


@pytest.fixture
def run(address: str, tmp_path: Path) -> "partial[Answer]":
    # a key is shown because none is at hand of a service that runs here; this API asks for none
    named = {"DOLDRUMS_API_ADDRESS": address, "DOLDRUMS_API_KEY": "none"}
    return partial(doldrums, "drift", "compare", cwd=tmp_path, **named)


def test_a_difference_is_code_1_and_told_in_a_table(run: "partial[Answer]") -> None:
    found = run("--from", BEFORE, "--to", AFTER)

    assert (found.returncode, found.stderr) == (1, "")
    assert "duration of coder, execute_tool, search" in found.stdout
    assert "DIFFERS" in found.stdout
    assert "execute_tool, read" not in found.stdout
    assert "series differ; of those that do, 0.05 at most are expected to be chance." in found.stdout


def test_the_answer_is_printed_as_json_and_as_markdown(run: "partial[Answer]") -> None:
    as_json = run("--from", BEFORE, "--to", AFTER, "--metric", "duration", "--json")
    as_markdown = run("--from", BEFORE, "--to", AFTER, "--metric", "duration", "--markdown")

    assert (as_json.returncode, as_markdown.returncode) == (1, 1)
    items = json.loads(as_json.stdout)["items"]
    assert {one["subject"]: one["verdict"] for one in items}[HOSTILE] == "differs"
    assert as_markdown.stdout.startswith("# Comparison\n")
    assert "| DIFFERS | duration of coder, execute\\_tool, search |" in as_markdown.stdout


def test_a_hostile_name_gives_the_terminal_no_orders(run: "partial[Answer]") -> None:
    for form in ([], ["--markdown"]):
        found = run("--from", BEFORE, "--to", AFTER, *form)

        assert "[red]" in found.stdout.replace("\\", "")
        assert not {"\x1b", "\u202e"} & set(found.stdout)
        assert "<b>" not in found.stdout or not form


def test_what_did_not_change_is_code_0(run: "partial[Answer]") -> None:
    versions = (f"version:1.4.1,{BEFORE}", f"version:1.4.2,{AFTER}")

    found = run("--from", versions[0], "--to", versions[1], "--margin", "50")

    assert (found.returncode, found.stderr) == (0, "")
    assert "0 of" in found.stdout


def test_what_cannot_be_told_is_code_2_and_says_why(run: "partial[Answer]") -> None:
    empty = run("--from", BEFORE, "--to", AFTER, "--agent", "nobody")
    unknown = run("--from", f"version:9,{BEFORE}", "--to", AFTER, "--agent", "coder")

    assert (empty.returncode, unknown.returncode) == (2, 2)
    assert "No call of either was counted" in empty.stdout
    assert "0 calls in the first window" in unknown.stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--from", AFTER, "--to", AFTER], "The two overlap"),
        (["--from", "last week", "--to", AFTER], "cannot be read"),
        (["--from", BEFORE, "--to", AFTER, "--json", "--markdown"], "one of them will do"),
        (["--from", "project:shop," + BEFORE, "--to", AFTER], "that project alone"),
        (["--from", BEFORE, "--to", AFTER, "--at-most-rate", "7"], "at_most_rate"),
        (["--from", BEFORE], "--to"),
    ],
)
def test_wrong_use_is_code_2_and_a_sentence(run: "partial[Answer]", arguments: list[str], said: str) -> None:
    found = run(*arguments)

    assert (found.returncode, found.stdout) == (2, "")
    assert said in found.stderr
    assert "Traceback" not in found.stderr


def test_a_service_that_is_not_there_is_code_2(tmp_path: Path) -> None:
    found = doldrums("drift", "compare", "--from", BEFORE, "--to", AFTER, cwd=tmp_path)

    assert found.returncode == 2
    assert "No service runs" in found.stderr
