"""Nezha's recorded day: its faults and its spans, loaded by the loader and assembled. Never committed."""

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from analytics.assembly.assembler import Assembler
from collector.journal.segment import Folders
from collector.store.store import Store
from tests.builders import request
from tests.segments import loader_of, seal

DATA = Path(__file__).parents[3] / "shared" / "data" / "nezha-onlineboutique"
DAY = "2022-08-23"
WINDOW_S = 180
BEFORE_S = 60
_SPANS_OF_SEGMENT = 100_000
_NS = 1_000_000_000


class Fault(NamedTuple):
    """What was injected, when (seconds since 1970), and into which service."""

    at_s: int
    service: str
    sort: str


class Recorded(NamedTuple):
    """The day.

    Parameters
    ----------
    faults
        By time.
    windows
        The spans of the traces that began within `WINDOW_S` of each fault.
    before
        Those of the traces that began in the minute before it, where any are recorded.
    usual
        The spans of the minute without a fault.
    """

    faults: list[Fault]
    windows: list[pa.Table]
    before: list[pa.Table]
    usual: pa.Table


def recorded(folder: Path = DATA) -> Recorded:
    """Read the day."""
    hours = json.loads((folder / f"{DAY}-fault_list.json").read_text())
    faults = [
        Fault(int(one["inject_timestamp"]), service_of(one["inject_pod"]), one["inject_type"])
        for hour in hours.values()
        for one in hour
    ]
    spans, usual = (_spans(folder / f"{name}.parquet") for name in (DAY, f"fault-free-{DAY}"))
    windows = [_began(spans, fault.at_s, fault.at_s + WINDOW_S) for fault in faults]
    before = [_began(spans, fault.at_s - BEFORE_S, fault.at_s) for fault in faults]
    return Recorded(faults, windows, before, usual)


def service_of(pod: str) -> str:
    """`cartservice-579f59597d-wc2lz` is an instance of `cartservice`."""
    return pod.rsplit("-", 2)[0]


def _spans(path: Path) -> pa.Table:
    table = pq.read_table(path)
    began = table.group_by("TraceID").aggregate([("StartTimeUnixNano", "min")])
    return table.join(began, "TraceID").combine_chunks()


def _began(spans: pa.Table, from_s: int, until_s: int) -> pa.Table:
    began = spans["StartTimeUnixNano_min"]
    return spans.filter(pc.and_(pc.greater_equal(began, from_s * _NS), pc.less(began, until_s * _NS)))


def load(store: Store, folder: Path, tables: Iterable[pa.Table]) -> None:
    """Load spans as pods send them, and assemble them."""
    folders = Folders(folder)
    folders.create()
    loader = loader_of(store, folders)
    for table in tables:
        for piece in range(0, len(table), _SPANS_OF_SEGMENT):
            bodies = list(_requests(table.slice(piece, _SPANS_OF_SEGMENT)))
            loader.load([seal(folders, bodies)])
    assembler = Assembler(store)
    while assembler.run_once():
        pass


def _requests(table: pa.Table) -> Iterator[bytes]:
    by_pod: dict[str, list[Span]] = {}
    for row in table.to_pylist():
        by_pod.setdefault(row["PodName"], []).append(_span(row))
    for pod, spans in by_pod.items():
        resource = {"service.name": service_of(pod), "service.instance.id": pod}
        yield request(*spans, resource=resource).SerializeToString()


def _span(row: Mapping[str, object]) -> Span:
    parent = str(row["ParentID"])
    return Span(
        trace_id=bytes.fromhex(str(row["TraceID"])),
        span_id=bytes.fromhex(str(row["SpanID"])),
        parent_span_id=b"" if parent == "root" else bytes.fromhex(parent),
        name=str(row["OperationName"]),
        kind=Span.SPAN_KIND_INTERNAL,
        start_time_unix_nano=int(str(row["StartTimeUnixNano"])),
        end_time_unix_nano=int(str(row["EndTimeUnixNano"])),
    )
