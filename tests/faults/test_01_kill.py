"""Scenario 1: kill -9 of the receiver, the core or both, at random moments under load."""

import random
import time
from pathlib import Path

import pytest

from tests.faults.clients import Clients
from tests.faults.parts import Part, assert_all_stored_once, load_all, settings_in
from tests.faults.size import SEED, limit_s, note, sized

KILLS = sized(2, 200)


@pytest.mark.faults
@pytest.mark.timeout(limit_s(900, 7200))
def test_every_acknowledged_span_is_stored_once_after_kills(tmp_path: Path) -> None:
    chance = random.Random(SEED)
    settings = settings_in(tmp_path / "data")
    names = ("receiver", "core")
    parts = {name: Part(name, settings) for name in names}
    parts["receiver"].wait_until_ready()
    ready_s = []
    with Clients(settings.otlp_http_address.url, clients=8, spans=10) as clients:
        for _ in range(KILLS):
            for part in parts.values():
                part.wait_until_ready()
            time.sleep(chance.uniform(0.05, 1.5))  # a random moment of the load is what is tested
            victims = chance.choice([names[:1], names[1:], names])
            for name in victims:
                parts[name].kill()
            for name in victims:
                parts[name] = Part(name, settings)
            ready_s += [parts[name].wait_until_ready() for name in victims]
    load_all(settings, parts["receiver"], parts["core"])

    assert len(clients.acknowledged) > KILLS
    assert clients.answers.keys() <= {0, 200, 503}
    assert clients.without_retry_after == 0
    assert_all_stored_once(tmp_path / "data", clients.acknowledged, clients.sent)
    note(
        "1 kill -9",
        f"{KILLS} kills",
        acknowledged=len(clients.acknowledged),
        lost=0,
        doubled=0,
        ready_s_max=round(max(ready_s), 1),
    )
