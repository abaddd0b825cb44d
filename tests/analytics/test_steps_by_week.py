"""Steps stand by the week of their assembly; who asks for those of a time reads its weeks alone."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from analytics.series.summaries import Summaries
from collector.store.store import Store
from tests.analytics.rows import NOW, insert, step

STATEMENTS = sorted((Path(__file__).parents[2] / "analytics").rglob("*.sql"))
# a time that says what is asked of steps that are found by their ids
BY_IDS = {"calls_of_traces.sql", "blast_radius.sql"}
OF_A_TIME = re.compile(r"FROM steps\b.*\b(start|end) >=", re.DOTALL)
OF_WEEKS = re.compile(r"_partition_value\.1 \+ 8 >|\bversion >|, version\) IN")
# in the first hour of a week what is assembled of late is of the week before
MONDAY = datetime.combine(NOW.date() - timedelta(days=NOW.weekday()), datetime.min.time(), UTC)
COUNTED = """
SELECT category, n FROM drift_counts
WHERE metric = 'outcome' AND n > 0 AND project = 'shop' ORDER BY category"""


@pytest.mark.parametrize("path", STATEMENTS, ids=lambda path: path.name)
def test_a_statement_that_asks_for_a_time_says_of_which_weeks(path: Path) -> None:
    sql = re.sub(r"--[^\n]*", "", path.read_text())

    if path.name not in BY_IDS and OF_A_TIME.search(sql):
        assert OF_WEEKS.search(sql), "it would read all steps that are stored"


def outcomes(store: Store, *assembled: tuple[datetime, str]) -> dict[str, int]:
    """Return what is counted of a step that ended on Monday, half past twelve at night."""
    ended_ago_s = (NOW - MONDAY).total_seconds() - 1800
    for at, error in assembled:
        version = int(at.timestamp() * 1e6)
        status = {"status": "error", "error_type": error} if error else {}
        row = step(1, ended_ago_s=ended_ago_s, duration_s=1, version=version, **status)
        insert(store, "steps", [row])
    Summaries(store).count(MONDAY, today=MONDAY.date())
    return {row["category"]: row["n"] for row in store.query(COUNTED)}


def test_what_was_assembled_again_in_another_week_counts_once(store: Store) -> None:
    at = MONDAY + timedelta(hours=1)

    assert outcomes(
        store, (at - timedelta(hours=3), "Late"), (at, ""), (at - timedelta(hours=2), "Late")
    ) == {"ok": 1}


@pytest.mark.parametrize(("ahead", "is_counted"), [(1, True), (24, True), (24 * 8, False)])
def test_a_step_counts_though_the_clock_of_its_service_is_a_day_ahead(
    store: Store,
    ahead: int,
    is_counted: bool,  # noqa: FBT001
) -> None:
    found = outcomes(store, (MONDAY + timedelta(minutes=30) - timedelta(hours=ahead), ""))

    assert found == ({"ok": 1} if is_counted else {})
