"""Requests without some traces: for what lies outside the store, in quarantine or in the archive."""

from collections.abc import Callable, Iterator
from typing import Any

from collector.journal.record import Record, frame, records
from collector.otlp.decode import canonical
from collector.otlp.signal import Signal

IsErased = Callable[[str, bytes], bool]
"""Whether a trace is, by project and id."""


def without(data: bytes, signal: Signal, is_erased: IsErased) -> tuple[bytes, int]:
    """Return records without the spans or log records of some traces, and how many those are.

    Raises
    ------
    DamagedRecord
        They are no records.
    """
    kept, removed = [], 0
    for record in records(data):
        rest, of_it = _without(record, signal, is_erased)
        kept.append(rest if of_it else data[record.offset : record.end])
        removed += of_it
    return b"".join(kept), removed


def traces_naming(record: Record, signal: Signal, is_named: Callable[[Any], bool]) -> set[bytes]:
    """Return the ids of traces that have an attribute which names somebody, on a span or on its resource."""
    request = signal.request.FromString(record.body)
    return {
        item.trace_id
        for resource, scope in _scopes(request, signal)
        for item in _items(scope, signal)
        if any(map(is_named, [*resource.resource.attributes, *scope.scope.attributes, *item.attributes]))
    }


def _without(record: Record, signal: Signal, is_erased: IsErased) -> tuple[bytes, int]:
    request, removed = signal.request.FromString(record.body), 0
    for _, scope in _scopes(request, signal):
        items = _items(scope, signal)
        kept = [item for item in items if not is_erased(record.project, item.trace_id)]
        if len(kept) < len(items):
            removed += len(items) - len(kept)
            del items[:]
            items.extend(kept)
    if not removed:
        return b"", 0
    left = any(len(_items(scope, signal)) for _, scope in _scopes(request, signal))
    body = canonical(request) if left else b""
    return frame(body, record.project, record.received_unix_nano) if left else b"", removed


def _scopes(request: Any, signal: Signal) -> Iterator[tuple[Any, Any]]:
    resources = request.resource_logs if signal is Signal.LOGS else request.resource_spans
    for resource in resources:
        for scope in resource.scope_logs if signal is Signal.LOGS else resource.scope_spans:
            yield resource, scope


def _items(scope: Any, signal: Signal) -> Any:
    return scope.log_records if signal is Signal.LOGS else scope.spans
