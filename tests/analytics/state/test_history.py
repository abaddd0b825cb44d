"""What is over is forgotten after a while; what is open or waits is not."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine, func, select, update

from analytics.alerts.deliveries import Deliveries
from analytics.findings.ledger import FindingLedger
from analytics.state import history
from analytics.state.history import forget
from analytics.state.tables import deliveries, finding_subjects
from analytics.state.transaction import writing
from tests.analytics.findings.builders import ENDED, NOW, at, finding, opened

LATER = NOW + timedelta(days=1)
MANY = 1_000


@pytest.fixture
def ledger(engine: Engine) -> FindingLedger:
    return FindingLedger(engine, ["ops"])


def resolved(ledger: FindingLedger, name: str, look: float = 0) -> None:
    opened(ledger, finding(name), look=look)
    ledger.reconcile("stuck_span", [], at(look + 2), {("shop", name): ENDED})


def send(engine: Engine) -> None:
    with writing(engine) as connection:
        connection.execute(update(deliveries).values(state="delivered", next_attempt=None))


def left(ledger: FindingLedger) -> list[str]:
    return [one.fingerprint for one in ledger.list("shop").items]


def test_a_resolved_finding_goes_with_its_deliveries_and_subjects(
    ledger: FindingLedger, engine: Engine
) -> None:
    resolved(ledger, "over")
    send(engine)

    assert forget(engine, LATER, MANY) == 3

    assert left(ledger) == []
    with engine.connect() as connection:
        assert connection.scalar(select(func.count()).select_from(finding_subjects)) == 0
    assert forget(engine, LATER, MANY) == 0


def test_an_open_finding_is_kept_however_old(ledger: FindingLedger, engine: Engine) -> None:
    opened(ledger, finding("open"))
    send(engine)

    forget(engine, LATER, 1)

    assert left(ledger) == ["open"]


def test_a_finding_is_kept_while_somebody_is_still_to_be_told(ledger: FindingLedger, engine: Engine) -> None:
    resolved(ledger, "over")

    assert forget(engine, LATER, MANY) == 0

    assert left(ledger) == ["over"]
    assert len(Deliveries(engine, ["ops"]).list("shop").items) == 2


def test_the_time_since_it_was_resolved_counts_and_not_since_it_opened(
    ledger: FindingLedger, engine: Engine
) -> None:
    resolved(ledger, "over")
    send(engine)

    forget(engine, before=at(1.5), rows_max=MANY)

    assert left(ledger) == ["over"]


def test_of_too_many_the_oldest_go(
    ledger: FindingLedger, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(history, "_ROWS", 2)
    for number in range(8):
        resolved(ledger, f"f{number}", look=10 * number)
    send(engine)

    forget(engine, before=NOW - timedelta(days=1), rows_max=3)

    assert left(ledger) == ["f7", "f6", "f5"]
    assert len(Deliveries(engine, ["ops"]).list("shop").items) == 3
