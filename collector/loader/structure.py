"""The columns that ClickHouse reads from a segment: otlp.proto in ClickHouse's own types.

A nullable member tells which branch of a `oneof` was set. AnyValue is recursive and the types
are not, and the time to analyse a statement grows with their size (flat 65 ms, arrays 90 ms, deep
290 ms), so a segment is read by the smallest of three nestings that holds its values.
"""

from typing import Literal

Nesting = Literal["flat", "arrays", "deep"]

_SCALARS = (
    "string_value Nullable(String), bool_value Nullable(Bool), int_value Nullable(Int64), "
    "double_value Nullable(Float64), bytes_value Nullable(String)"
)
_LEAF = f"Tuple({_SCALARS}, array_value Nullable(String), kvlist_value Nullable(String))"


def _nested(value: str) -> str:
    array = f"array_value Tuple(values Array({value}))"
    pairs = f"kvlist_value Tuple(values Array(Tuple(key String, value {value})))"
    return f"Tuple({_SCALARS}, {array}, {pairs})"


_VALUES: dict[Nesting, str] = {
    "flat": f"Tuple({_SCALARS})",
    "arrays": f"Tuple({_SCALARS}, array_value Tuple(values Array(Tuple({_SCALARS}))))",
    "deep": _nested(_nested(_LEAF)),
}


def traces(nesting: Nesting) -> str:
    """Return the columns of a segment of traces whose values are nested no deeper than this."""
    attributes = f"Array(Tuple(key String, value {_VALUES[nesting]}))"
    events = f"Array(Tuple(time_unix_nano UInt64, name String, attributes {attributes}))"
    links = f"Array(Tuple(trace_id String, span_id String, trace_state String, attributes {attributes}))"
    span = (
        "Tuple(trace_id String, span_id String, trace_state String, parent_span_id String, name String, "
        "kind Int32, start_time_unix_nano UInt64, end_time_unix_nano UInt64, "
        f"attributes {attributes}, dropped_attributes_count UInt32, events {events}, "
        f"dropped_events_count UInt32, links {links}, dropped_links_count UInt32, "
        "status Tuple(message String, code Int32), flags UInt32)"
    )
    named = f"Tuple(name String, version String, attributes {attributes})"
    scope = f"Tuple(scope {named}, spans Array({span}), schema_url String)"
    resource = (
        f"Tuple(resource Tuple(attributes {attributes}), scope_spans Array({scope}), schema_url String)"
    )
    return f"resource_spans Array({resource}), project String, received_unix_nano UInt64"


def logs() -> str:
    """Return the columns of a segment of logs: its values are scalars (`collector.otlp.any_value`)."""
    value = _VALUES["flat"]
    record = (
        f"Tuple(time_unix_nano UInt64, severity_number Int32, body {value}, "
        f"attributes Array(Tuple(key String, value {value})), trace_id String, span_id String, "
        "observed_time_unix_nano UInt64, event_name String)"
    )
    resource = "Tuple(attributes Array(Tuple(key String, value Tuple(string_value String))))"
    scope = f"Tuple(scope Tuple(name String), log_records Array({record}))"
    return (
        f"resource_logs Array(Tuple(resource {resource}, scope_logs Array({scope}))), "
        "project String, received_unix_nano UInt64"
    )


_ANY = (
    "Tuple(string_value String, array_value Tuple(values Array(String)), "
    "kvlist_value String, bytes_value String)"
)
_PAIRS = f"Array(Tuple(key String, value {_ANY}))"
_NAMES = (
    f"Tuple(name String, attributes {_PAIRS}, events Array(Tuple(name String, attributes {_PAIRS})), "
    f"links Array(Tuple(trace_id String, attributes {_PAIRS})), status Tuple(message String))"
)
VOCABULARY = (
    f"resource_spans Array(Tuple(resource Tuple(attributes {_PAIRS}), "
    f"scope_spans Array(Tuple(scope Tuple(name String, attributes {_PAIRS}), spans Array({_NAMES})))))"
)

_TEXTS = "Array(Tuple(key String, value Tuple(string_value Nullable(String))))"
TEXTS = (
    f"resource_spans Array(Tuple(scope_spans Array(Tuple(spans Array(Tuple(attributes {_TEXTS})))))), "
    "project String"
)
