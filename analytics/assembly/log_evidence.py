"""Reports of spans completed by what their logs say. Pure."""

from datetime import UTC, datetime, timedelta

import pyarrow as pa
import pyarrow.compute as pc

# Nothing more than that there was an error: `error_type` in collector/conventions/table.toml.
_UNSAID = "_OTHER"
# Reasons of gen_ai.agent.paused in the words of `wait_reason`; others stand for themselves.
_WAIT_REASONS = {"human_input": "human", "external_system": "external"}


_FIRST = datetime.fromtimestamp(0, UTC)


def first_day(reports: pa.Table) -> str:
    """Return the day from which on logs of these spans can have been received.

    The one before the first of them began, as clocks differ; a span that begins tomorrow began today.
    """
    begun = datetime.fromtimestamp(pc.min(reports["start"]).cast(pa.int64()).as_py() / 1e9, UTC)
    return max(min(begun, datetime.now(UTC)) - timedelta(days=1), _FIRST).date().isoformat()


def with_evidence(reports: pa.Table, evidence: pa.Table) -> pa.Table:
    """Fill in what a span does not say itself; what it says stands.

    Parameters
    ----------
    reports
        As read_reports.sql answers.
    evidence
        As read_evidence.sql answers: a row for each span of which a log says something.

    Returns
    -------
    The reports. A span in error has the type and message of the exception that was logged; an open
    one whose agent pauses waits for what it pauses for.
    """
    if not len(evidence):
        return reports
    rows = pc.index_in(_keys(reports), value_set=_keys(evidence))
    said = {name: pc.fill_null(_text(evidence[name]).take(rows), "") for name in _TEXTS}
    paused = pc.and_(pc.fill_null(_flags(evidence["paused"]).take(rows), False), _flags(reports["open"]))
    failed_unsaid = pc.equal(_text(reports["error_type"]), _UNSAID)
    reason = _in_our_words(said["pause_reason"])
    return _filled(
        reports,
        error_message=(pc.not_equal(_text(reports["error_type"]), ""), said["error_message"]),
        error_type=(failed_unsaid, pc.if_else(pc.equal(said["error_type"], ""), _UNSAID, said["error_type"])),
        waiting_on=(paused, reason),
        wait_reason=(paused, reason),
    )


_TEXTS = ("error_type", "error_message", "pause_reason")


def _filled(reports: pa.Table, **columns: tuple[pa.Array, pa.Array]) -> pa.Table:
    """Put a value where its condition holds and the column says nothing of its own."""
    for name, (condition, value) in columns.items():
        own = _text(reports[name])
        silent = pc.or_(pc.equal(own, ""), pc.equal(own, _UNSAID))
        filled = pc.if_else(pc.and_(condition, silent), value, own)
        reports = reports.set_column(reports.schema.get_field_index(name), name, filled)
    return reports


def _in_our_words(reasons: pa.Array) -> pa.Array:
    for theirs, ours in _WAIT_REASONS.items():
        reasons = pc.if_else(pc.equal(reasons, theirs), ours, reasons)
    return pc.if_else(pc.equal(reasons, ""), "unknown", reasons)


def _keys(table: pa.Table) -> pa.Array:
    """Project, trace and span as one value."""
    ids = (table[name].cast(pa.binary()) for name in ("trace_id", "span_id"))
    project = pa.chunked_array([_text(table["project"])]).cast(pa.binary())
    return pc.binary_join_element_wise(*ids, project, pa.scalar(b"", pa.binary())).combine_chunks()


def _text(column: pa.ChunkedArray) -> pa.Array:
    array = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    return array.dictionary_decode() if pa.types.is_dictionary(array.type) else array


def _flags(column: pa.ChunkedArray) -> pa.Array:
    return column.combine_chunks().cast(pa.bool_())
