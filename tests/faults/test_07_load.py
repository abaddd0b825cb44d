"""Scenarios 7 and 8: steady load for long, and more load than there is room for."""

import time

import psutil
import pytest

from tests.faults.clients import Clients
from tests.faults.size import limit_s, note, percentile, sized
from tests.service import Service

STEADY_S = sized(2, 3600)
STEADY_RATE = sized(30, 1000)
CROWD = sized(32, 256)
CROWD_S = sized(2, 120)


@pytest.mark.faults
@pytest.mark.timeout(limit_s(900, 2 * 3600))
def test_a_steady_load_is_stored_as_it_comes(service: Service) -> None:
    before = service.stats()["spans"]["stored"]
    memory_before = memory_mb(service)
    with Clients(service.url("otlp_http"), spans=10, rate=STEADY_RATE) as clients:
        time.sleep(STEADY_S)  # the length of the load
    ended_s = time.monotonic()
    visible_s = service.wait_until_stored(before + len(clients.acknowledged), 300) - ended_s
    grown = {name: memory_mb(service)[name] - mb for name, mb in memory_before.items()}

    assert set(clients.answers) == {200}
    assert service.stats()["spans"]["stored"] == before + len(clients.acknowledged)
    note(
        "7 steady load",
        f"{STEADY_RATE} requests of 10 spans a second, {STEADY_S} s",
        acknowledged=len(clients.acknowledged),
        p99_ack_ms=round(1000 * percentile(clients.waits_s, 0.99)),
        visible_after_s=round(visible_s, 1),
        receiver_grew_mb=grown["receiver"],
        core_grew_mb=grown["core"],
    )


@pytest.mark.faults
@pytest.mark.timeout(limit_s(900, 3600))
def test_a_crowd_is_served_or_told_to_come_again(service: Service) -> None:
    before = service.stats()["spans"]["stored"]
    with Clients(service.url("otlp_http"), clients=CROWD, spans=50) as clients:
        time.sleep(CROWD_S)  # the length of the load
    service.wait_until_stored(before + len(clients.acknowledged), 600)

    assert clients.answers.keys() <= {200, 503}
    assert clients.without_retry_after == 0
    assert service.stats()["spans"]["stored"] == before + len(clients.acknowledged)
    note(
        "8 crowd",
        f"{CROWD} clients without a pause, {CROWD_S} s",
        acknowledged=len(clients.acknowledged),
        refused=clients.answers[503],
        p99_ack_ms=round(1000 * percentile(clients.waits_s, 0.99)),
    )


def memory_mb(service: Service) -> dict[str, int]:
    return {name: psutil.Process(pid).memory_info().rss >> 20 for name, pid in service.pids.items()}
