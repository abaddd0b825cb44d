"""Sealed segments for tests, written as the receiver writes them, and what loads them."""

import base64
import json
import time
import uuid
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from google.protobuf import json_format
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from collector.journal.examination import span_count
from collector.journal.record import frame
from collector.journal.segment import Folders, Segment
from collector.loader.loader import Loader
from collector.loader.quarantine import Quarantine
from collector.loader.segment_reader import Cuts, SegmentReader
from collector.otlp.signal import Signal
from collector.store.store import Store

_IDS = {"traceId", "spanId", "parentSpanId"}


def body_of(path: Path) -> bytes:
    """One OTLP request as protobuf; OTLP/JSON has hexadecimal ids."""
    if path.suffix != ".json":
        return path.read_bytes()
    document = _with_binary_ids(json.loads(path.read_text()))
    request = json_format.ParseDict(document, ExportTraceServiceRequest(), ignore_unknown_fields=True)
    return request.SerializeToString()


def loader_of(store: Store, folders: Folders, cuts: Cuts | None = None) -> Loader:
    """Return what loads segments of these folders."""
    reader = SegmentReader(store, cuts or Cuts())
    return Loader(store, reader, folders, Quarantine(reader, folders))


def seal(
    folders: Folders,
    bodies: Sequence[bytes],
    received_unix_nano: int | None = None,
    project: str = "default",
    signal: Signal = Signal.TRACES,
) -> Segment:
    """Write a sealed segment of some requests."""
    folders.create()
    received = received_unix_nano or time.time_ns()
    identifier = f"{received // 1_000_000:012x}7{uuid.uuid4().hex[:19]}"
    day = datetime.fromtimestamp(received / 1e9, UTC).date()
    segment = Segment(signal, identifier, day, sum(span_count(body, signal) for body in bodies))
    records = b"".join(frame(body, project, received) for body in bodies)
    (folders.sealed / segment.file_name).write_bytes(records)
    return segment


def _with_binary_ids(node: Any) -> Any:
    if isinstance(node, list):
        return [_with_binary_ids(item) for item in node]
    if not isinstance(node, dict):
        return node
    return {key: _binary(value) if key in _IDS else _with_binary_ids(value) for key, value in node.items()}


def _binary(text: str) -> str:
    return base64.b64encode(bytes.fromhex(text)).decode()
