"""Scenario 4: another process fills the disk to its last byte, and goes."""

import time
from pathlib import Path

import httpx
import pytest

from tests.faults.clients import Clients
from tests.faults.disk import disk_in
from tests.faults.service import end
from tests.faults.size import limit_s, note, sized
from tests.service import Service, until

TRIALS = sized(1, 50)
FLOOR = {"DOLDRUMS_FREE_BYTES_MIN": str(64 << 20)}


@pytest.mark.faults
@pytest.mark.timeout(limit_s(900, 2 * 3600))
def test_a_disk_that_another_process_fills_loses_nothing_and_is_left_by_itself(tmp_path: Path) -> None:
    refused_after_s, resumed_after_s = [], []
    with (
        disk_in(tmp_path, megabytes=sized(512, 4096)) as disk,
        # a log on the full disk would miss what is worth reading
        Service(disk.folder, FLOOR, log_folder=tmp_path) as service,
    ):
        with Clients(service.url("otlp_http"), rate=100) as clients:
            for _ in range(TRIALS):
                time.sleep(0.5)  # of ordinary work
                filler = fill(disk.folder)
                refused_after_s.append(wait_for(service, ready=False))
                filler.unlink()
                resumed_after_s.append(wait_for(service, ready=True))
        end(service, clients)

    assert clients.answers[503] > 0
    note(
        "4 disk full",
        f"{TRIALS} times",
        acknowledged=len(clients.acknowledged),
        lost=0,
        doubled=0,
        refused_after_s_max=round(max(refused_after_s), 1),
        resumed_after_s_max=round(max(resumed_after_s), 1),
    )


def fill(folder: Path) -> Path:
    """Write until nothing more fits: past the floor, while what was received is still being loaded."""
    path = folder / "filler"
    with path.open("wb", buffering=0) as file:
        for size in (1 << 20, 4096):
            try:
                while True:
                    file.write(bytes(size))
            except OSError:
                continue
    return path


def wait_for(service: Service, *, ready: bool) -> float:
    """Return how many seconds passed until the receiver took requests, or none."""
    began_s = time.monotonic()
    until(lambda: takes(service) == ready, 60, lambda: service.log()[-3000:])
    return time.monotonic() - began_s


def takes(service: Service) -> bool:
    try:
        return httpx.get(f"{service.url('otlp_http')}/readyz", timeout=5).is_success
    except httpx.HTTPError:
        return False
