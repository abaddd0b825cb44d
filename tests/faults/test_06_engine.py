"""Scenario 6: the engine stands still, or its disk refuses what it writes, while spans come in."""

import os
import resource
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil
import pytest

from tests.faults.clients import Clients
from tests.faults.service import end
from tests.faults.size import limit_s, note, sized
from tests.service import Service, until

STOPPED_S = sized(3, 600)
RATE = sized(50, 500)
FILE_BYTES_MAX = 4096


@contextmanager
def stopped(pid: int) -> Iterator[None]:
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(pid, signal.SIGCONT)


@pytest.mark.faults
@pytest.mark.timeout(limit_s(900, 3600))
def test_an_engine_that_stands_still_holds_nobody_up_and_takes_all_of_it_afterwards(tmp_path: Path) -> None:
    with Service(tmp_path) as service, Clients(service.url("otlp_http"), spans=10, rate=RATE) as clients:
        until(lambda: clients.acknowledged, 60)
        receiver = psutil.Process(service.pids["receiver"])
        with stopped(service.pids["core"]):
            before = len(clients.acknowledged)
            time.sleep(STOPPED_S)  # the outage
            waiting = len(clients.acknowledged) - before
        memory_mb = receiver.memory_info().rss >> 20
        began_s = time.monotonic()
        service.wait_until_stored(before + waiting, 1200)
        drained_s = time.monotonic() - began_s
        clients.end()
        end(service, clients)

    assert waiting > 0
    assert set(clients.answers) == {200}
    assert memory_mb < 200
    note(
        "6 engine stopped",
        f"{STOPPED_S} s at {RATE} requests of 10 spans a second",
        acknowledged=len(clients.acknowledged),
        lost=0,
        doubled=0,
        drained_spans_per_s=round(waiting / max(drained_s, 0.1)),
        receiver_mb=memory_mb,
    )


@pytest.mark.faults
@pytest.mark.timeout(900)
def test_an_engine_whose_writes_fail_is_found_out(tmp_path: Path) -> None:
    """It answers OK to some inserts that it could not write: only counting and looking finds that."""
    with Service(tmp_path) as service, Clients(service.url("otlp_http"), rate=50) as clients:
        until(lambda: clients.acknowledged, 60)
        with small_files_only(service.pids["core"]):
            until(lambda: noticed(service), 120, lambda: service.log()[-3000:])
        acknowledged = len(clients.acknowledged)
        service.wait_until_stored(acknowledged, 120)
        clients.end()
        end(service, clients)

    note("6 engine's writes fail", "once", acknowledged=len(clients.acknowledged), lost=0, doubled=0)


@contextmanager
def small_files_only(pid: int) -> Iterator[None]:
    """Let the kernel refuse to write more than that into any file; a process that starts anew is free."""
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (FILE_BYTES_MAX, resource.RLIM_INFINITY))
    try:
        yield
    finally:
        with suppress(ProcessLookupError):
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))


def noticed(service: Service) -> bool:
    return "load_refused" in service.log() or "segments_not_loaded" in service.log()
