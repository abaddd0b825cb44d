"""A page of the list reads the last hours, however much is stored."""

from collections.abc import Iterator

import pytest

from analytics.traces.reader import TraceFilters, TraceReader
from collector.store.store import Store

HOURS = 200
HOUR_TRACES = 1_000
STORED = HOURS * HOUR_TRACES
GRANULE = 8_192
_FILL = """
INSERT INTO traces (project, trace_id, version, name, agents, start, end, status)
SELECT
    'default', MD5(toString(number)), 1, 'run', [if(number % 1000 = 0, 'rare', 'common')],
    toDateTime64('2026-11-01 00:00:00', 9, 'UTC') + number * 3.6, now64(9), if(number % 50 = 0, 'error', 'ok')
FROM numbers({traces:UInt64})"""
_HOURS = """
INSERT INTO trace_hours (project, trace_id, hour)
SELECT project, trace_id, toStartOfHour(start) FROM traces"""


@pytest.fixture(scope="module")
def filled(opened_store: Store) -> Iterator[Store]:
    """Traces of eight days, a thousand an hour, in one part."""
    opened_store.command(_FILL, {"traces": STORED})
    opened_store.command(_HOURS)
    opened_store.command("OPTIMIZE TABLE traces FINAL")
    return opened_store


def rows_read(store: Store) -> int:
    (row,) = store.query("SELECT value FROM system.events WHERE event = 'SelectedRows'")
    return int(row["value"])


@pytest.mark.parametrize(
    ("filters", "listed", "rows_max"),
    [
        # some granules of the newest window, and those in which the newest hour is looked for
        pytest.param(TraceFilters(), 50, 6 * GRANULE, id="latest"),
        pytest.param(TraceFilters(agent="common"), 50, 6 * GRANULE, id="of an agent"),
        pytest.param(TraceFilters(status="error"), 50, 8 * GRANULE, id="failed"),
        pytest.param(
            TraceFilters(agent="nobody"), 0, STORED * 1.5, id="of nobody: all, hardly more than once"
        ),
    ],
)
def test_a_page_reads_no_more_than(filled: Store, filters: TraceFilters, listed: int, rows_max: int) -> None:
    reader = TraceReader(filled, "default")
    before = rows_read(filled)

    page = reader.page(filters, None, 50)
    following = reader.page(filters, page.next, 50) if page.next else page

    assert len(page.items) == len(following.items) == listed
    assert 0 < (rows_read(filled) - before) <= rows_max * (2 if page.next else 1)


def test_one_trace_is_found_without_looking_through_all(filled: Store) -> None:
    reader = TraceReader(filled, "default")
    (one,) = filled.query("SELECT lower(hex(MD5('77777'))) AS id")
    before = rows_read(filled)

    (found,) = reader.page(TraceFilters(trace_id=one["id"]), None, 1).items

    assert found.trace_id == one["id"]
    assert rows_read(filled) - before <= 3 * GRANULE
