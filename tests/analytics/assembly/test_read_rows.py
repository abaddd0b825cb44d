"""What is read of `spans` follows what was touched, not what is stored."""

import pytest

from analytics.assembly.selection import Selection, selecting
from collector.store.statement import statement
from collector.store.store import Store

DAY = "2026-11-01"
GRANULE = 8_192
SPANS = 3 * GRANULE
READS = ("touched.sql", "read_reports.sql", "observations.sql", "trace_sizes.sql", "first_spans.sql")
BOUNDS = {"alone_min": 50_000, "rows_max": 200_000, "others_max": 10}


def tell(store: Store, hour: int, spans: int, first_span: int = 0) -> Selection:
    """Store one span each of so many traces of an hour, as a segment that assembly has noted."""
    segment = f"{hour}-{first_span}"
    store.command(
        "INSERT INTO spans (project, segment, received_day, received, trace_id, span_id, start, end) "
        f"SELECT 'default', '{segment}', '{DAY}', now64(9), MD5('{hour} ' || toString(number)), "
        f"toFixedString(reinterpretAsString({first_span} + number), 8), "
        f"toDateTime64('{DAY} 00:00:00', 9, 'UTC') + toIntervalHour({hour}), now64(9) FROM numbers({spans})"
    )
    selection = Selection(days=[DAY], segments=[segment])
    store.command(statement("analytics.assembly", "note_hours.sql"), selection.parameters)
    return selection


def read(store: Store, sql: str, parameters: dict[str, object]) -> int:
    """Rows in the granules that the engine would look into."""
    estimate = store.query(f"EXPLAIN ESTIMATE {sql}", parameters)
    return sum(row["rows"] for row in estimate if row["table"] == "spans")


def test_the_same_touch_reads_no_more_when_ten_times_as_much_is_stored(store: Store) -> None:
    tell(store, 5, SPANS)
    touch = {**tell(store, 5, 2, first_span=SPANS).parameters, **BOUNDS}
    before = {name: read(store, selecting(name), touch) for name in READS}

    for hour in (0, 1, 2, 3, 4, 6, 7, 8, 9):
        tell(store, hour, SPANS)
    store.command("OPTIMIZE TABLE spans FINAL")

    after = {name: read(store, selecting(name), touch) for name in READS}
    assert all(0 < rows <= SPANS + 2 for rows in before.values())
    # an hour need not begin with a granule
    assert all(0 < after[name] <= before[name] + GRANULE for name in READS), (before, after)


@pytest.mark.parametrize("hours", [1, 10])
def test_one_span_is_read_from_one_granule(store: Store, hours: int) -> None:
    for hour in range(hours):
        tell(store, hour, SPANS)
    (one,) = store.query("SELECT hex(trace_id) AS trace_id, hex(span_id) AS span_id FROM spans LIMIT 1")
    sql = statement("analytics.traces", "read_report.sql")

    assert 0 < read(store, sql, {"project": "default", **one}) <= GRANULE
