"""Accepted drifts: who took which for the new normal, on both databases."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine

from analytics.rfc3339 import rfc3339
from analytics.series.accepted import AcceptedDrift, AcceptedDrifts

AT = datetime(2026, 11, 23, 14, tzinfo=UTC)
# as large as a series' number may be, which no signed column holds
SERIES = 2**64 - 1


def accepted(minutes: int = 0, project: str = "default", series: int = SERIES) -> AcceptedDrift:
    at = AT + timedelta(minutes=minutes)
    return AcceptedDrift(project, series, at - timedelta(days=1), at, "ann", f"note {minutes}")


def test_what_was_accepted_is_told_from_a_time_on_the_oldest_first(engine: Engine) -> None:
    ledger = AcceptedDrifts(engine)
    for minutes in (2, 0, 1):
        ledger.accept(accepted(minutes, project=f"p{minutes}"))

    found = ledger.accepted_from(AT + timedelta(minutes=1))

    assert found == [accepted(1, "p1"), accepted(2, "p2")]


def test_a_series_has_its_own_the_latest_first(engine: Engine) -> None:
    ledger = AcceptedDrifts(engine)
    for one in (accepted(0), accepted(1), accepted(2, "other"), accepted(3, series=7)):
        ledger.accept(one)

    assert [one.note for one in ledger.of("default", SERIES)] == ["note 1", "note 0"]


def test_text_that_no_database_takes_is_stored_as_what_can_be(engine: Engine) -> None:
    ledger = AcceptedDrifts(engine)

    shown = ledger.accept(accepted()._replace(note="a\x00b\ud800", accepted_by="\x00"))

    assert (shown.note, shown.accepted_by) == ("a�b�", "�")
    assert shown.since == rfc3339(AT - timedelta(days=1))
    assert list(ledger.of("default", SERIES)) == [shown]
