"""Scenario 3: the power goes while the service receives and loads."""

import random
import time
from pathlib import Path

import pytest

from tests.faults.clients import Clients
from tests.faults.disk import disk_in
from tests.faults.parts import Part, assert_all_stored_once, load_all, settings_in
from tests.faults.size import SEED, limit_s, note, sized

CUTS = sized(1, 100)


@pytest.mark.faults
@pytest.mark.timeout(limit_s(900, 4 * 3600))
def test_what_was_acknowledged_before_a_power_cut_is_stored_once(tmp_path: Path) -> None:
    chance = random.Random(SEED)
    acknowledged: list[bytes] = []
    sent: set[bytes] = set()
    with disk_in(tmp_path, megabytes=sized(256, 2048)) as disk:
        settings = settings_in(disk.folder)
        for _ in range(CUTS):
            parts = [Part("receiver", settings), Part("core", settings)]
            for part in parts:
                part.wait_until_ready()
            with Clients(settings.otlp_http_address.url) as clients:
                time.sleep(chance.uniform(0.3, 2))  # a random moment of the load is what is tested
                acknowledged += list(clients.acknowledged)
                disk.cut_power()
            sent |= clients.sent
            for part in parts:
                part.kill()
            disk.unmount()
            disk.mount()
        receiver, core = Part("receiver", settings), Part("core", settings)
        receiver.wait_until_ready()
        core.wait_until_ready()
        load_all(settings, receiver, core)

        assert acknowledged
        assert_all_stored_once(disk.folder, acknowledged, sent)
    note("3 power cuts", f"{CUTS} cuts", acknowledged=len(acknowledged), lost=0, doubled=0, opened=CUTS)
