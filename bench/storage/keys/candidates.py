"""The same spans under several keys: bytes, what it takes to write them, and what three reads cost."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from bench.storage.keys.copying import COPIES_A_DAY, COPY_S, COPY_SPANS
from bench.storage.meter import HEAD, Cost, cost, cpu_s, yardstick_ms
from bench.storage.segments import PROJECT
from bench.storage.spans import AGENTS, RARE_AGENT
from collector.store.statement import statement
from collector.store.store import Store

READS = 7


@dataclass(frozen=True)
class Candidate:
    """A table with a key of its own.

    Parameters
    ----------
    created
        The statements that make it, by file name.
    trace
        The file of the statement that reads traces by their ids.
    bucket
        By what the newest come first, so that reading in the order of the key may end early.
    """

    table: str
    created: Sequence[str]
    trace: str
    bucket: str = "start"

    def bucketed(self, name: str) -> str:
        """Return a statement with the bucket of the key: the engine does not find each by the time alone."""
        sql = statement(__package__, name).replace("{{bucket}}", self.bucket)
        for bound in ("since", "until"):
            sql = sql.replace("{{bucket_" + bound + "}}", self.bucket.replace("start", bound))
        return sql


CANDIDATES = (
    Candidate("by_hour", ("by_hour.sql",), "trace_by_hour.sql", "toStartOfHour(start)"),
    Candidate("by_minute", ("by_minute.sql",), "trace_by_minute.sql", "toStartOfMinute(start)"),
    Candidate("by_trace", ("by_trace.sql",), "trace_by_trace.sql"),
    Candidate("by_trace_and_time", ("by_trace.sql", "add_time.sql"), "trace_by_trace.sql"),
    Candidate("by_agent", ("by_agent.sql", "add_bloom.sql"), "trace_by_trace.sql"),
)


def compare(store: Store, folder: Path, newest: datetime, spans: float) -> None:
    """Fill each candidate, print what it costs, and drop it."""
    command(store, "narrow.sql")
    command(store, "places.sql")
    copies = int(spans / COPY_SPANS)
    days = [range(first, min(first + COPIES_A_DAY, copies)) for first in range(0, copies, COPIES_A_DAY)]
    for number, candidate in enumerate(CANDIDATES):
        written_us = _fill(store, candidate, newest, days, with_places=number == 0)
        (size,) = store.query(statement(__package__, "table_size.sql"), {"table": candidate.table})
        print(
            f"\n### {candidate.table}: {size['rows']:,} spans in {size['parts']} parts, "
            f"{size['bytes'] / size['rows']:.1f} bytes and {written_us:.1f} us CPU a span written; "
            f"yardstick {yardstick_ms(store):.0f} ms\n\n| read | {HEAD} |\n|---|---|---|---|---|---|---|",
            flush=True,
        )
        for name, read in _costs(store, folder, candidate, newest, len(days)):
            print(f"| {name} | {read} |", flush=True)
        store.command("DROP TABLE {table:Identifier} SYNC", {"table": candidate.table})


def create(store: Store, candidate: Candidate, like: str, table: str) -> None:
    """Create a candidate's table, empty, with the columns of another."""
    for name in candidate.created:
        store.command(statement(__package__, name).replace("{{like}}", like), {"table": table})


def command(store: Store, name: str, values: Mapping[str, object] | None = None) -> None:
    """Run a statement of this package."""
    store.command(statement(__package__, name), values)


def _fill(
    store: Store, candidate: Candidate, newest: datetime, days: Sequence[range], *, with_places: bool
) -> float:
    create(store, candidate, "seed_narrow", candidate.table)
    spent_s = 0.0
    for number, copies in enumerate(days):
        day = {"day": (newest - timedelta(days=number)).date().isoformat(), "table": candidate.table}
        begun_s = cpu_s()
        command(store, "fill.sql", {**day, "copies": list(copies), "copy_s": COPY_S})
        spent_s += cpu_s() - begun_s
        if with_places:
            command(store, "fill_places.sql", day)
    if with_places:
        store.command("OPTIMIZE TABLE places FINAL")
    return spent_s / (sum(map(len, days)) * COPY_SPANS) * 1e6


def _costs(
    store: Store, folder: Path, candidate: Candidate, newest: datetime, days: int
) -> Iterator[tuple[str, Cost]]:
    traces = store.query(statement(__package__, "some_traces.sql"), {"traces": READS})
    recent = store.query(statement(__package__, "recent_traces.sql"), {"traces": 300})
    latest, errors = (candidate.bucketed(name) for name in ("latest.sql", "errors.sql"))
    ends = [newest - timedelta(days=number % max(1, days - 1)) for number in range(READS)]

    def trace(rows: Sequence[Mapping[str, str]], expected: int) -> Callable[[], None]:
        return lambda: _expect(
            store, candidate.trace, candidate.table, [row["trace"] for row in rows], expected
        )

    def of_day(sql: str, until: datetime, **values: str) -> Callable[[], object]:
        until_ns = int(until.timestamp() * 1e9)
        parameters = {
            "table": candidate.table,
            "project": PROJECT,
            "from_ns": until_ns - 86_400 * 10**9,
            "until_ns": until_ns,
            **values,
        }
        return lambda: store.query(sql, parameters)

    reads: dict[str, list[Callable[[], object]]] = {
        "a trace by its id": [trace([row], 8) for row in traces],
        "300 traces of the last hour, as assembly reads them": [trace(recent, 2_400)] * 3,
        "latest 50 traces of an agent": [
            of_day(latest, end, agent=agent) for end, agent in zip(ends, AGENTS, strict=False)
        ],
        "latest 50 of an agent that has 1 of 1,000": [of_day(latest, end, agent=RARE_AGENT) for end in ends],
        "latest 50 errors of a day": [of_day(errors, end, word="host") for end in ends],
        "the same, of a word that is rare": [of_day(errors, end, word="host 77)") for end in ends],
    }
    for name, several in reads.items():
        yield name, cost(store, folder, several)


def _expect(store: Store, name: str, table: str, ids: Sequence[str], expected: int) -> None:
    rows = store.query(
        statement(__package__, name), {"table": table, "project": PROJECT, "trace_ids": list(ids)}
    )
    if len(rows) != expected:
        raise LookupError(f"{len(rows)} spans of {table} found, not {expected}")
