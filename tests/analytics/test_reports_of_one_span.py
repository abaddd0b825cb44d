"""However a span is reported, in whatever order and how often: one span, and no end that nobody said.

The reports of many spans are loaded together, a few times, and what is assembled is compared with
what a reader of this page would say.
"""

import os
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from analytics.baselines.baseline import Baselines
from collector.otlp.json_request import Reading
from collector.otlp.signal import Signal
from collector.otlp.sort_logs import sort_logs
from collector.store.migrate import migrate
from collector.store.store import open_store
from tests.analytics.log_desk import LogDesk
from tests.builders import SECOND, pairs, request, span
from tests.log_builders import heartbeat, logs_request

HOUR = 3_600 * SECOND
LOADS = 3
SPANS = 60
CHAT = {"gen_ai.operation.name": "chat", "gen_ai.request.model": "gpt-5", "gen_ai.usage.input_tokens": 7}
PARENT = b"parentid"

Way = Literal["pending", "snapshot", "heartbeat", "stop without end", "stop", "final"]


@dataclass(frozen=True)
class Report:
    """One report of a span.

    Attributes
    ----------
    way
        How it comes.
    number
        Progress of an open span; seconds from the start to the end of an ended one.
    load
        With which load it is received, 0 for the first.
    """

    way: Way
    number: int
    load: int

    @property
    def has_end(self) -> bool:
        return self.way in {"final", "stop"}

    @property
    def progress(self) -> int:
        """What a newer report of an open span is told by; Logfire's has none."""
        return -1 if self.way == "pending" else self.number

    @property
    def name(self) -> str:
        return "pending" if self.way == "pending" else f"{'ended' if self.has_end else 'open'} {self.number}"


@dataclass(frozen=True)
class Expected:
    """What all reports of a span say together."""

    name: str
    state: str
    duration_s: float
    heartbeats: int | None
    ended: bool | None
    first_load: int | None
    last_load: int | None


def expected(reports: Sequence[Report]) -> Expected:
    """The end that was said last in the span's own time wins, else the newest report."""
    ends = [one for one in reports if one.has_end]
    opens = [one for one in reports if not one.has_end]
    if ends:
        winner = max(ends, key=lambda one: one.number)
    else:
        winner = max(opens, key=lambda one: (one.load, one.progress))
    return Expected(
        name=winner.name,
        state="ended" if ends else "open",
        duration_s=winner.number if ends else 0,
        heartbeats=len(opens) if opens else None,
        ended=bool(ends) if opens else None,
        first_load=min(one.load for one in opens) if opens else None,
        last_load=max(one.load for one in reports) if opens else None,
    )


def sent(report: Report, trace_id: bytes, span_id: bytes, start_ns: int) -> ExportTraceServiceRequest:
    """The report as the door hands it on."""
    end_ns = start_ns + report.number * SECOND if report.has_end else 0
    progress = {} if report.has_end else {"doldrums.progress": report.number}
    said = span(
        report.name,
        CHAT | progress,
        trace_id=trace_id,
        span_id=span_id,
        parent=PARENT,
        start_ns=start_ns,
        end_ns=end_ns,
    )
    if report.way == "pending":
        return request(_pending(said))
    if report.way in {"final", "snapshot"}:
        return request(said)
    word = "heartbeat" if report.way == "heartbeat" else "stop"
    found = sort_logs(logs_request(heartbeat(said, word)), Reading(items_left=10, elements_left=10_000))
    return found.reports


def _pending(of: Span) -> Span:
    """As Logfire reports a span at its start: a child of it, with no length."""
    marks = {"logfire.span_type": "pending_span", "logfire.pending_parent_id": of.parent_span_id.hex()}
    return Span(
        trace_id=of.trace_id,
        span_id=of.span_id[::-1],
        parent_span_id=of.span_id,
        name=of.name,
        start_time_unix_nano=of.start_time_unix_nano,
        end_time_unix_nano=of.start_time_unix_nano,
        attributes=pairs(CHAT | marks),
    )


reports = st.builds(
    Report,
    way=st.sampled_from(["pending", "snapshot", "heartbeat", "stop without end", "stop", "final"]),
    number=st.integers(1, 4),
    load=st.integers(0, LOADS - 1),
)
histories = st.lists(
    st.lists(reports, min_size=1, max_size=6).flatmap(
        # a client's retries: what was sent once may come again, later or earlier
        lambda some: st.lists(st.sampled_from(some), max_size=3).map(lambda again: [*some, *again])
    ),
    min_size=SPANS,
    max_size=SPANS,
)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LogDesk]:
    folder = tmp_path_factory.mktemp("desk")
    store = open_store(f"chdb://{folder / 'store'}")
    migrate(store)
    yield LogDesk(store, folder)
    store.close()


@settings(
    max_examples=2,
    # an example is many spans and takes a second: what fails is seen as it is
    phases=[Phase.generate],
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.large_base_example],
)
@given(histories=histories)
def test_reports_of_one_span_are_one_span(desk: LogDesk, histories: list[list[Report]]) -> None:
    begin_ns = (time.time_ns() // HOUR * HOUR) - 600 * SECOND
    run = os.urandom(12).hex()
    ids = {f"{run}{number:08x}": history for number, history in enumerate(histories)}
    learned = _durations_learned(desk, begin_ns)
    for load in range(LOADS):
        together = ExportTraceServiceRequest()
        for trace_id, history in ids.items():
            for report in (one for one in history if one.load == load):
                arrived = sent(report, bytes.fromhex(trace_id), bytes.fromhex(trace_id[16:]), begin_ns)
                together.resource_spans.extend(arrived.resource_spans)
        if together.resource_spans:
            desk.load(together, Signal.TRACES, begin_ns + load * SECOND)
            desk.assembler.run_once()

    found = _assembled(desk, run, begin_ns)

    assert found == {trace_id: expected(history) for trace_id, history in ids.items()}
    assert _totals(desk, run) == {(1, 7)}
    ended = sum(one.state == "ended" for one in found.values())
    assert _durations_learned(desk, begin_ns) - learned == ended


def _assembled(desk: LogDesk, run: str, begin_ns: int) -> dict[str, Expected]:
    rows = desk.store.query(
        """
        SELECT
            lower(hex(trace_id)) AS id, name, state, duration_s, open.heartbeats, open.ended,
            open.first_load, open.last_load
        FROM steps FINAL
        LEFT JOIN (
            SELECT
                trace_id, span_id, toNullable(heartbeats) AS heartbeats, toNullable(ended) AS ended,
                toNullable(dateDiff('second', {begin:DateTime('UTC')}, first_seen)) AS first_load,
                toNullable(dateDiff('second', {begin:DateTime('UTC')}, observed)) AS last_load
            FROM open_spans FINAL
        ) AS open USING (trace_id, span_id)
        WHERE startsWith(lower(hex(trace_id)), {run:String})
        """,
        {"run": run, "begin": begin_ns // SECOND},
    )
    found = {row.pop("id"): Expected(**{key.removeprefix("open."): row[key] for key in row}) for row in rows}
    assert len(found) == len(rows) == SPANS
    return found


def _totals(desk: LogDesk, run: str) -> set[tuple[int, int]]:
    """Spans and tokens of each trace."""
    rows = desk.store.query(
        "SELECT DISTINCT spans, input_tokens FROM traces FINAL "
        "WHERE startsWith(lower(hex(trace_id)), {run:String})",
        {"run": run},
    )
    return {(row["spans"], row["input_tokens"]) for row in rows}


def _durations_learned(desk: LogDesk, begin_ns: int) -> int:
    hour = datetime.fromtimestamp(begin_ns / SECOND, UTC).replace(minute=0, second=0, microsecond=0)
    Baselines(desk.store).refresh(datetime.now(UTC), {hour})
    (row,) = desk.store.query("SELECT sum(n) AS n FROM duration_bins FINAL")
    return int(row["n"])
