"""Two days of calls, sent to a running service and compared by the command a pipeline would run."""

import os
import subprocess
from collections.abc import Iterator

import httpx
import pytest

from tests.analytics.series.two_days import AFTER, BEFORE, calls
from tests.builders import request
from tests.doldrums.command import COMMAND
from tests.service import Service, until

COUNTED_S_MAX = 400
# the machine that runs the tests may be slow to count 32 hours
pytestmark = pytest.mark.timeout(1200)


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A service of its own: what the others send would be compared too."""
    with Service(tmp_path_factory.mktemp("compared")) as service:
        yield service


def compare(service: Service, *options: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [COMMAND, "drift", "compare", "--from", BEFORE, "--to", AFTER, *options],
        env=os.environ | {"DOLDRUMS_DATA_DIR": str(service.folder), "COLUMNS": "200"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def counted(service: Service) -> bool:
    """Whether every hour is counted: 16 of each day, of 12 calls each."""
    asked = {"from": BEFORE, "to": AFTER, "metric": "duration"}
    items = service.get("/drift/comparison", **asked)["items"]
    found = {one["subject"]: (one["calls_before"], one["calls_after"]) for one in items}
    return found.get("search") == (192, 192)


def test_a_pipeline_is_told_by_the_exit_code(service: Service) -> None:
    nothing = compare(service)
    assert (nothing.returncode, nothing.stderr) == (2, "")

    body = request(*calls()).SerializeToString()
    headers = {"content-type": "application/x-protobuf"}
    url = f"{service.url('otlp_http')}/v1/traces"
    httpx.post(url, content=body, headers=headers, timeout=60).raise_for_status()
    until(lambda: counted(service), COUNTED_S_MAX, lambda: service.log()[-2000:])

    slower = compare(service, "--agent", "coder")
    same = compare(service, "--agent", "coder", "--metric", "outcome")
    elsewhere = compare(service, "--environment", "nowhere")

    assert (slower.returncode, same.returncode, elsewhere.returncode) == (1, 0, 2)
    assert "duration of coder, execute_tool, search" in slower.stdout
