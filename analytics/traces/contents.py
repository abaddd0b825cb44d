"""The attributes of one report of a span, with the long texts that are stored apart."""

from collections.abc import Mapping
from typing import Any

from collector.store.statement import statement
from collector.store.store import Store

GONE = "[not stored any more]"
"""Stands for a piece that was deleted."""


def whole_attributes(store: Store, row: Mapping[str, Any], span: Mapping[str, str]) -> dict[str, str]:
    """Return the attributes of a row of read_report.sql as they were sent.

    Parameters
    ----------
    span
        The parameters of the query: project, trace_id, span_id.
    """
    if not row["content_keys"]:
        return dict(row["attributes"])
    parameters = {**span, "received_day": row["received_day"].isoformat()}
    rows = store.query(statement(__package__, "read_pieces.sql"), parameters)
    return {**row["attributes"], **_texts(row, {one["piece"]: one["piece_text"] for one in rows})}


def _texts(row: Mapping[str, Any], pieces: Mapping[str, str]) -> dict[str, str]:
    references = zip(
        *(row[name] for name in ("content_keys", "content_joints", "content_endings", "content_pieces")),
        strict=True,
    )
    return {
        key: joint.join(pieces.get(hash_, GONE) for hash_ in hashes) + ending
        for key, joint, ending, hashes in references
    }
