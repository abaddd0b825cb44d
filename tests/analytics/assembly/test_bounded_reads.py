"""No read of assembly takes more than fits memory, and no trace keeps another one waiting."""

import time
from typing import Any

import pytest
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from analytics.assembly import assembler as module
from analytics.assembly.assembler import Assembler
from analytics.traces.reader import TraceFilters, TraceReader
from collector.store.store import Store
from tests.builders import SECOND, span

START = time.time_ns() // SECOND * SECOND - 60 * SECOND
HUGE = bytes(range(16))


def spans_of(trace_id: bytes, count: int, **more: Any) -> list[Span]:
    """A root and calls beneath it, one a second."""
    root = trace_id[:7] + b"\x01"
    return [
        span(
            f"call {number}",
            trace_id=trace_id,
            span_id=root if number == 0 else trace_id[:7] + bytes([number + 1]),
            parent=b"" if number == 0 else root,
            start_ns=START + number * SECOND,
            **more,
        )
        for number in range(count)
    ]


def summaries(store: Store) -> dict[str, tuple[int, int]]:
    page = TraceReader(store, "default").page(TraceFilters(), None, 100)
    return {trace.trace_id: (trace.spans, trace.spans_left_out) for trace in page.items}


def test_traces_that_do_not_fit_one_read_are_read_one_after_the_other(
    store: Store, load: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "ROWS_MAX", 10)
    reads: list[int] = []
    columns = store.columns

    def counted(sql: str, parameters: Any) -> Any:
        answer = columns(sql, parameters)
        reads.append(len(answer))
        return answer

    monkeypatch.setattr(store, "columns", counted)
    traces = [bytes([number]) * 16 for number in range(1, 21)]
    load(*(one for trace_id in traces for one in spans_of(trace_id, 4)))

    Assembler(store).run_once()

    assert summaries(store) == {trace_id.hex(): (4, 0) for trace_id in traces}
    assert max(reads) <= 10 + 4


def test_a_huge_trace_is_not_read_with_others_and_listed_until_its_turn_comes(
    store: Store, load: Any
) -> None:
    assembler = Assembler(store, large_spans_min=4, alone_min=8)
    assembler._large.rest(elapsed_s=3_600)
    load(*spans_of(HUGE, 9), *spans_of(b"o" * 16, 2))

    assembler.run_once()

    assert set(assembler.waiting) == {HUGE.hex() + "default"}
    assert summaries(store) == {HUGE.hex(): (9, 0), (b"o" * 16).hex(): (2, 0)}
    (done,) = store.query("SELECT count() AS n FROM steps")
    assert done == {"n": 2}
    assembler.keep_place(assembler.place)

    again = Assembler(store, large_spans_min=4, alone_min=8)
    again.run_once()

    (done,) = store.query("SELECT count() AS n FROM steps FINAL")
    assert done == {"n": 11}
    assert again.waiting == {}


def test_of_a_trace_that_is_too_large_the_first_spans_are_assembled_and_the_others_counted(
    store: Store, load: Any
) -> None:
    assembler = Assembler(store, large_spans_min=2, alone_min=4, spans_max=6)
    load(*reversed(spans_of(HUGE, 20, end_ns=0)))
    load(*spans_of(HUGE, 1))

    assembler.run_once()

    assert summaries(store) == {HUGE.hex(): (6, 14)}
    trace = TraceReader(store, "default").trace(HUGE.hex())
    assert trace is not None
    assert [one.name for one in trace.spans] == [f"call {number}" for number in range(6)]
    assert [one.state for one in trace.spans] == ["ended"] + ["open"] * 5
    assert trace.spans_total == 20
    (seen,) = store.query("SELECT uniqExact(span_id) AS n FROM open_spans")
    assert seen == {"n": 6}


def test_reports_of_one_span_do_not_make_a_trace_too_large(store: Store, load: Any) -> None:
    assembler = Assembler(store, large_spans_min=2, alone_min=4, spans_max=6)
    for _ in range(5):
        load(*spans_of(HUGE, 2, end_ns=0))

    assembler.run_once()

    assert summaries(store) == {HUGE.hex(): (2, 0)}
