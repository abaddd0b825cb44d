"""Every statement keeps projects apart: what reads rows of projects says which, or carries it along."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SCHEMA = ROOT / "collector" / "store" / "schema"
STATEMENTS = sorted(
    path
    for package in ("collector", "analytics", "doldrums")
    for path in (ROOT / package).rglob("*.sql")
    if path.parent != SCHEMA
)

# Tables that are the service's own: of segments, not of spans.
OF_THE_SERVICE = {"verified_segments", "assembled", "migrations"}
# Statements over all projects that show nothing of any, each with the reason.
OVER_ALL = {
    "analytics/api/stored.sql": "counts for the operator",
    "analytics/assembly/last_open.sql": "whether anything is open, of all",
    "analytics/assembly/last_version.sql": "versions are of the service",
    "analytics/baselines/hours_of_traces.sql": "which hours have any",
    "analytics/baselines/newest_habit.sql": "which hour was counted last",
    "analytics/baselines/newest_hour.sql": "which hour was counted last",
    "analytics/series/hours_left.sql": "which hours are to be counted",
    "analytics/series/newest_count.sql": "which hour was counted last",
    "analytics/series/piece_bounds.sql": "how many steps an hour has, of all",
    "analytics/series/first_hour.sql": "which hour was counted first",
    "analytics/series/newest_look.sql": "which hour was looked at last",
    "analytics/strides/next_version.sql": "versions are of the service",
    "collector/loader/count_segments.sql": "rows by segment",
    "collector/loader/parts_of_segments.sql": "parts by segment",
    "collector/deletion/count_forgotten.sql": "how many are forgotten, of all",
    "collector/deletion/erased_ids.sql": "an erasure is of one project",
    "collector/loader/check_part.sql": "a part's bytes",
    "analytics/assembly/first_spans.sql": "reads the one trace that `selected` names",
}
# Clauses that bring rows together. Ids alone are not enough for that: two projects may have the same.
_CLAUSE = re.compile(
    r"(?:GROUP BY|PARTITION BY|LIMIT 1 BY|USING)\s*\(?(?P<list>[\w\s,.]+)"
    r"|\((?P<tuple>[^()]*(?:\([^()]*\))?[^()]*)\)\s+(?:NOT\s+)?IN\b"
    r"|\bON\s+(?P<on>[^\n]+)",
)
_TABLE = re.compile(r"CREATE TABLE (?:IF NOT EXISTS )?(\w+)\s*\((.*?)\)\s*ENGINE", re.DOTALL)
_IDS = re.compile(r"\b(trace_id|span_id|hash)\b")


def statement(path: Path) -> str:
    return re.sub(r"--[^\n]*", "", path.read_text())


def tables() -> dict[str, str]:
    """The columns of each table, by its name."""
    return {
        name: columns
        for path in sorted(SCHEMA.glob("*.sql"))
        for name, columns in _TABLE.findall(statement(path))
    }


def joins_ids_alone(sql: str) -> list[str]:
    """Clauses of a statement that bring spans together without their project."""
    return [
        match[0]
        for match in _CLAUSE.finditer(sql)
        if _IDS.search(match[0]) and not re.search(r"\b(project|place)\b", match[0])
    ]


def test_every_table_of_spans_has_a_project_that_its_key_holds() -> None:
    found = tables()
    assert {"spans", "steps", "traces", "open_spans"} <= set(found)

    without = {name for name in found if not re.search(r"\bproject\b", found[name])}
    assert without == OF_THE_SERVICE & set(found)


@pytest.mark.parametrize("path", STATEMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_statement_keeps_projects_apart(path: Path) -> None:
    sql, name = statement(path), str(path.relative_to(ROOT))
    with_project = {table for table in tables() if table not in OF_THE_SERVICE}
    reads = set(re.findall(r"\b(?:FROM|JOIN|INTO)\s+(\w+)", sql)) & with_project

    if reads and name not in OVER_ALL:
        assert re.search(r"\bproject\b", sql), f"it reads {reads} and says of no project"
    assert joins_ids_alone(sql) == []


def test_a_statement_that_joins_by_ids_alone_is_found() -> None:
    assert joins_ids_alone("SELECT 1 FROM spans GROUP BY trace_id")
    assert joins_ids_alone("SELECT 1 FROM a INNER JOIN b USING (trace_id, span_id)")
    assert joins_ids_alone("WHERE (trace_id, toStartOfHour(start)) IN (SELECT 1)")
    assert joins_ids_alone("FROM a LEFT JOIN b ON a.trace_id = b.trace_id\n")
    assert not joins_ids_alone("SELECT 1 FROM spans GROUP BY project, trace_id")
