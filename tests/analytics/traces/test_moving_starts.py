"""A trace is listed once, where it begins now: whatever arrives in whatever order, however it is paged."""

import random
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from analytics.assembly.assembler import Assembler
from analytics.traces.reader import TraceFilters, TraceReader
from collector.store.store import Store
from tests.builders import SECOND, span

# in the past, in the middle of an hour
NEWEST = 1_790_000_000 * SECOND
HOUR = 3_600 * SECOND
# so far back that each window of the list has some, two in one hour, and two in one microsecond
BEGINNINGS = [0, 1, 600 * SECOND, 2 * HOUR, 5 * HOUR, 20 * HOUR, 20 * HOUR + 1, 100 * HOUR, 1_000 * HOUR]
AGENTS = ["coder", "tester"]
TRACES = [bytes([number]) * 16 for number in range(1, 13)]


class Fleet:
    """What was sent, as a person would list it."""

    def __init__(self, seed: int) -> None:
        self._chance = random.Random(seed)
        self._spans: dict[bytes, dict[bytes, dict[str, Any]]] = {trace: {} for trace in TRACES}
        self._ends = 0

    def more(self, count: int) -> Iterable[Any]:
        """Spans that are new, or the same with a later end and another start: the latest end wins."""
        for _ in range(count):
            trace, own = self._chance.choice(TRACES), self._chance.choice((b"firstone", b"otherone"))
            self._ends += 1
            known = {
                "start_ns": NEWEST - self._chance.choice(BEGINNINGS),
                "agent": self._chance.choice(AGENTS),
                "failed": self._chance.random() < 0.3,
            }
            self._spans[trace][own] = known
            yield span(
                "work",
                {"gen_ai.agent.name": known["agent"]},
                trace_id=trace,
                span_id=own,
                start_ns=known["start_ns"],
                end_ns=NEWEST + self._ends * SECOND,
                error="no" if known["failed"] else None,
            )

    def listed(self, filters: TraceFilters) -> list[str]:
        rows = [(self._start(trace), trace.hex()) for trace in TRACES if self._matches(trace, filters)]
        return [trace for _, trace in sorted(((ns // 1000, trace) for ns, trace in rows), reverse=True)]

    def _start(self, trace: bytes) -> int:
        return min(one["start_ns"] for one in self._spans[trace].values())

    def _matches(self, trace: bytes, filters: TraceFilters) -> bool:
        spans = self._spans[trace].values()
        if not spans:
            return False
        begun = datetime.fromtimestamp(self._start(trace) / SECOND, UTC)
        failed = any(one["failed"] for one in spans)
        return (
            (not filters.agent or any(one["agent"] == filters.agent for one in spans))
            and (not filters.status or failed == (filters.status == "error"))
            and (filters.start_from is None or begun >= filters.start_from)
            and (filters.start_to is None or begun < filters.start_to)
        )


def paged(reader: TraceReader, filters: TraceFilters, limit: int) -> list[str]:
    page = reader.page(filters, None, limit)
    ids = [trace.trace_id for trace in page.items]
    while page.next is not None:
        page = reader.page(filters, page.next, limit)
        ids += [trace.trace_id for trace in page.items]
    return ids


DAY_AGO = datetime.fromtimestamp(NEWEST / SECOND, UTC) - timedelta(hours=24)
FILTERS = [
    TraceFilters(),
    TraceFilters(agent="coder"),
    TraceFilters(status="error"),
    TraceFilters(start_from=DAY_AGO),
    TraceFilters(start_to=DAY_AGO),
]


@pytest.mark.parametrize("seed", range(2))
def test_every_page_is_what_was_sent(store: Store, load: Any, seed: int) -> None:
    """Both spans of a trace are roots, so it failed if one of them did."""
    fleet, reader, assembler = Fleet(seed), TraceReader(store, "default"), Assembler(store)
    for turn in range(4):
        load(*{one.trace_id + one.span_id: one for one in fleet.more(12)}.values())
        assembler.run_once()

        limits = (2, 3, 5, 100)
        for place, filters in enumerate(FILTERS):
            assert paged(reader, filters, limits[(turn + place) % 4]) == fleet.listed(filters), filters
        assert all(reader.trace(trace) for trace in fleet.listed(TraceFilters())[-1:])
    standing = store.query("SELECT count() AS rows, uniqExact(trace_id) AS traces FROM traces FINAL")
    assert standing[0]["rows"] == standing[0]["traces"]


def hours(store: Store) -> list[int]:
    """Hours before the newest in which the one trace is listed, by the reader's own table."""
    rows = store.query("SELECT toUnixTimestamp64Nano(start) AS ns FROM traces FINAL")
    return [(NEWEST - row["ns"]) // HOUR for row in rows]


def report(hours_ago: int, name: bytes, end: int = 1) -> Any:
    start = NEWEST - hours_ago * HOUR
    return span("work", trace_id=TRACES[0], span_id=name, start_ns=start, end_ns=NEWEST + end * SECOND)


def test_a_trace_moves_to_an_hour_where_it_stood_before(store: Store, load: Any) -> None:
    assembler = Assembler(store)
    for hours_ago, end in ((3, 1), (9, 2), (3, 3)):
        load(report(hours_ago, b"firstone", end))
        assembler.run_once()

        assert hours(store) == [hours_ago]
    store.command("OPTIMIZE TABLE traces FINAL")
    assert hours(store) == [3]


def test_a_stop_before_or_after_the_summary_leaves_a_trace_listed_once(
    store: Store, load: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    load(report(3, b"firstone"))
    Assembler(store).run_once()
    command = store.command

    for earlier, after in ((5, False), (7, True)):
        load(report(earlier, earlier.to_bytes(8, "big")))

        def stop(sql: str, *parameters: Any, after: bool = after) -> object:
            if "INSERT INTO traces" not in sql:
                return command(sql, *parameters)
            if after:
                command(sql, *parameters)
            raise ZeroDivisionError

        with monkeypatch.context() as patched:
            patched.setattr(store, "command", stop)
            with pytest.raises(ZeroDivisionError):
                Assembler(store).run_once()
        assert hours(store) == [7 if after else 3]
        Assembler(store).run_once()
        assert hours(store) == [earlier]


def test_a_summary_and_what_it_deletes_are_one_part(store: Store, load: Any) -> None:
    assembler = Assembler(store)
    load(report(3, b"firstone"))
    assembler.run_once()
    load(report(5, b"otherone"))
    assembler.run_once()

    newest = store.query(
        "SELECT uniqExact(_part) AS parts, count() AS rows FROM traces "
        "WHERE version = (SELECT max(version) FROM traces)"
    )
    assert newest == [{"parts": 1, "rows": 2}]


def test_a_trace_that_grew_large_stands_where_it_stood_until_its_turn(store: Store, load: Any) -> None:
    assembler = Assembler(store, large_spans_min=2, alone_min=2)
    load(report(3, b"firstone"))
    assembler.run_once()
    assembler._large.rest(elapsed_s=3_600)

    load(report(9, b"otherone"))
    assembler.run_once()
    assert hours(store) == [3]

    assembler._large._due_s = 0.0
    assembler.run_once()
    assert hours(store) == [9]


def test_where_a_trace_stands_is_known_when_the_hour_of_its_spans_was_forgotten(
    store: Store, load: Any
) -> None:
    """Retention forgets by the day received; the summary is of a later day, when another span arrived."""
    assembler = Assembler(store)
    load(report(9, b"firstone"))
    assembler.run_once()
    store.command(
        "ALTER TABLE trace_hours UPDATE noted = '2026-01-01' WHERE true SETTINGS mutations_sync = 2"
    )
    load(report(3, b"otherone"))
    assembler.run_once()
    assert hours(store) == [9]

    store.command("OPTIMIZE TABLE trace_hours FINAL")
    for table, where in (("trace_hours", "noted = '2026-01-01'"), ("spans", "span_id = 'firstone'")):
        store.command(f"ALTER TABLE {table} DELETE WHERE {where} SETTINGS mutations_sync = 2")
    load(report(3, b"thirdone"))
    assembler.run_once()

    assert hours(store) == [3]
