"""Every segment is assembled, however many were recorded at once and whenever the process stops."""

import pytest

from analytics.assembly.assembler import Assembler
from collector.store.store import Store

SEGMENTS = 3_500


@pytest.fixture
def busy_store(store: Store) -> Store:
    """A store in which thousands of segments, a span each, were verified within four seconds."""
    store.command(
        "INSERT INTO spans (project, segment, received_day, received, trace_id, span_id, start, end) "
        f"SELECT 'default', leftPad(toString(number), 32, '0'), '2026-11-01', now64(9), "
        f"toFixedString(leftPad(toString(number), 16, '0'), 16), 'spanspan', now64(9), now64(9) "
        f"FROM numbers({SEGMENTS})"
    )
    store.command(
        "INSERT INTO verified_segments SELECT leftPad(toString(number), 32, '0'), 'traces', '2026-11-01', 1, "
        "toDateTime64('2026-11-01 12:00:00', 6, 'UTC') + toIntervalMillisecond(number) "
        f"FROM numbers({SEGMENTS})"
    )
    return store


def assembled(store: Store) -> int:
    (row,) = store.query("SELECT uniqExact(trace_id) AS n FROM steps")
    return int(row["n"])


def test_thousands_of_segments_verified_within_seconds_are_all_assembled_once(busy_store: Store) -> None:
    assembler = Assembler(busy_store)

    passes = [assembler.run_once() for _ in range(6)]

    assert assembled(busy_store) == SEGMENTS
    assert (sum(passes), passes[-1]) == (SEGMENTS, 0)


def test_a_restart_goes_on_from_the_place_that_was_kept(busy_store: Store) -> None:
    assembler = Assembler(busy_store)
    assembler.run_once()
    assembler.keep_place(assembler.place)
    kept = assembled(busy_store)
    assembler.run_once()

    again = Assembler(busy_store)

    assert sum(again.run_once() for _ in range(6)) == SEGMENTS - kept
    assert assembled(busy_store) == SEGMENTS
