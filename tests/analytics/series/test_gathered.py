"""What is kept of hours while they are counted is kept no longer."""

from typing import Any

import pytest

from analytics.series.summaries import Summaries
from collector.store.store import Store
from tests.analytics.rows import NOW, insert, step

LEFT = "SELECT count() AS rows FROM {table:Identifier}"
GATHERED = """
INSERT INTO drift_steps (project, trace_id, span_id, hour) VALUES ('shop', unhex('0a'), 'gathered', now())"""
PIECE = (
    "INSERT INTO drift_pieces (project, metric, category, n) VALUES ('shop', 'label tone', 'as Ann says', 1)"
)


def left(store: Store) -> dict[str, int]:
    tables = ("drift_steps", "drift_pieces")
    return {table: next(iter(store.query(LEFT, {"table": table})))["rows"] for table in tables}


def test_of_a_count_that_fails_nothing_is_left(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    hour = NOW.replace(minute=0)
    insert(store, "steps", [step(1, ended_ago_s=60, duration_s=1)])
    summaries, seen = Summaries(store), []

    def fail(*_: Any) -> None:
        seen.append(left(store)["drift_steps"])
        store.command(PIECE)
        raise ZeroDivisionError

    monkeypatch.setattr(summaries, "_count_pieces", fail)
    with pytest.raises(ZeroDivisionError):
        summaries.count(hour, today=hour.date())

    assert seen == [1]
    assert left(store) == {"drift_steps": 0, "drift_pieces": 0}


def test_what_a_kill_left_is_gone_at_the_next_start_though_nothing_is_to_be_counted(store: Store) -> None:
    for row in (GATHERED, PIECE):
        store.command(row)
    assert left(store) == {"drift_steps": 1, "drift_pieces": 1}

    assert Summaries(store).refresh(NOW) == []

    assert left(store) == {"drift_steps": 0, "drift_pieces": 0}
