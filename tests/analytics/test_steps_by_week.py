"""Steps stand by the week of their assembly; who asks for those of a time reads its weeks alone."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from analytics.series.summaries import Summaries
from collector.store.statement import statement
from collector.store.store import Store
from tests.analytics.rows import NOW, insert, step

ANALYTICS = Path(__file__).parents[2] / "analytics"
# one reading of `steps`: what it asks for
READING = re.compile(
    r"\bFROM steps\b(?P<final> FINAL)?"
    r"(?P<asks>.*?)(?=\bFROM\b|\b(?:GROUP|ORDER) BY\b|\bLIMIT\b|\bUNION\b|\Z)",
    re.DOTALL,
)
# of a time, or of what changed beside what is watched, of which no index knows
OF_A_TIME = re.compile(r"\b(start|end)\)? (>=|>|=|BETWEEN) |\bOR \(project, trace_id")
OF_WEEKS = re.compile(r"\b_partition_value\.1 \+ 8 > ")
# without FINAL the engine leaves out weeks by a version as well, where nothing else will do
OF_VERSIONS = re.compile(r"\b(WHERE|AND) version >|, version\) IN")
# not one of two things that will do: the other one is asked of all steps
BY_IDS = re.compile(r"\b(?:WHERE|AND) (?:\(project, )?(?:steps\.)?trace_id[^)]*?\)? (=|IN)")


def readings(text: str) -> list[str]:
    """Return what each reading of `steps` in a statement asks for that is of a time; with FINAL before it."""
    found = READING.finditer(re.sub(r"--[^\n]*", "", text))
    asked = [(one["final"] or "") + one["asks"] for one in found]
    return [one for one in asked if OF_A_TIME.search(one) and not BY_IDS.search(one)]


def says_weeks(asked: str) -> bool:
    return bool(OF_WEEKS.search(asked) or (not asked.startswith(" FINAL") and OF_VERSIONS.search(asked)))


OF_TIMES = [
    pytest.param(asked, id=f"{path.name} {number}")
    for path in sorted(ANALYTICS.rglob("*.sql"))
    for number, asked in enumerate(readings(path.read_text()))
]
# in the first hour of a week what is assembled of late is of the week before
MONDAY = datetime.combine(NOW.date() - timedelta(days=NOW.weekday()), datetime.min.time(), UTC)
COUNTED = """
SELECT category, n FROM drift_counts
WHERE metric = 'outcome' AND n > 0 AND project = 'shop' ORDER BY category"""


@pytest.mark.parametrize("asked", OF_TIMES)
def test_who_asks_for_steps_of_a_time_says_of_which_weeks(asked: str) -> None:
    assert says_weeks(asked), "it would read all steps that are stored"


def test_who_does_not_is_found() -> None:
    assert len(OF_TIMES) > 12
    (asked,) = readings("SELECT 1 FROM steps FINAL WHERE version > 1 AND end >= now() GROUP BY project")
    assert not says_weeks(asked)
    (asked,) = readings("SELECT 1 FROM steps WHERE (version > 1 OR span_id = 'a') AND end >= now()")
    assert not says_weeks(asked)
    first, second = readings(
        "SELECT (SELECT 1 FROM steps WHERE _partition_value.1 + 8 > a AND start >= a) "
        "FROM steps FINAL WHERE start >= a"
    )
    assert (says_weeks(first), says_weeks(second)) == (True, False)
    assert not readings("SELECT 1 FROM steps WHERE project = 'a' AND trace_id = 'b' AND start >= now()")


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


def test_of_a_trace_that_was_assembled_in_several_weeks_the_newest_week_is_read(store: Store) -> None:
    """A trace is written whole under each version, and the weeks before are left out."""
    newest = int((MONDAY + timedelta(hours=1)).timestamp() * 1e6)
    week = 7 * 86_400_000_000
    for weeks, spans in ((2, (1, 2, 3)), (1, (1, 2, 3)), (0, (1, 2))):
        of_then = {"trace_id": bytes(16), "name": f"{weeks} ago", "version": newest - weeks * week}
        rows = [step(number, ended_ago_s=60, duration_s=1, **of_then) for number in spans]
        insert(store, "steps", rows)
    of = {"project": "shop", "trace_id": bytes(16).hex(), "span_id": "", "rows_max": 10}

    read = store.query(statement("analytics.traces", "read_steps.sql"), of)

    assert [row["name"] for row in read] == ["0 ago", "0 ago"]
