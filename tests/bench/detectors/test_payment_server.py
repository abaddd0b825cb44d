"""The fake payment server: what its ledger says is what was done."""

import pytest

from bench.detectors.payment_server import PaymentServer, PaymentTimeoutError

INVOICE = {"invoice": "INV-1", "key": "k-1"}


def test_what_is_paid_stands_in_the_ledger_and_has_a_receipt() -> None:
    with PaymentServer() as server:
        first, second = server.pay(**INVOICE), server.pay(**INVOICE)

    assert [paid["invoice"] for paid in server.ledger] == ["INV-1", "INV-1"]
    assert first != second


@pytest.mark.parametrize(
    ("late", "tells_apart", "paid"), [("after", "", 2), ("before", "", 1), ("after", "key", 1)]
)
def test_a_payment_that_times_out_was_made_or_not(late: str, tells_apart: str, paid: int) -> None:
    with PaymentServer(late, tells_apart) as server:  # type: ignore[arg-type]
        with pytest.raises(PaymentTimeoutError, match="timed out"):
            server.pay(**INVOICE)
        receipt = server.pay(**INVOICE)

    assert len(server.ledger) == paid
    assert server.ledger[-1]["receipt"] in receipt


def test_the_same_payment_has_the_receipt_of_the_first() -> None:
    with PaymentServer(tells_apart="invoice") as server:
        assert server.pay(**INVOICE) == server.pay(**INVOICE)
    assert len(server.ledger) == 1


def test_a_read_changes_nothing() -> None:
    with PaymentServer("after") as server:
        with pytest.raises(PaymentTimeoutError):
            server.balance()
        assert "balance" in server.balance()
    assert server.ledger == []
