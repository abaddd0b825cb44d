"""Reads what went into the spans of one trace and came out of them, each text once."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from analytics.flow.said import CHARACTERS_MAX, PIECES_MAX, Said
from collector.store.rows import Rows
from collector.store.statement import statement
from collector.store.store import Store

# Of one trace, those that began first; texts of as many are in memory at once.
SPANS_MAX = 2_000
# Different texts of one trace, by their characters, and pieces: those of the spans that began first. What is
# made of nothing but new words takes ten times as long as prose.
TRACE_CHARACTERS_MAX = 1_000_000
TRACE_PIECES_MAX = 5_000
# Spans above one another; a client may nest as deep as it likes, and in a circle.
ABOVE_MAX = 100

Row = Mapping[str, Any]
Texts = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TraceSaid:
    """What was said in a trace.

    Parameters
    ----------
    task
        What its first root was asked.
    left_out
        Spans that are not among these: the trace has more than are looked at.
    """

    spans: Sequence[Said]
    task: str
    left_out: int


def read_said(
    store: Store, project: str, trace_id: str, texts: Mapping[str, tuple[Texts, Texts]] | None = None
) -> TraceSaid:
    """Return what was said in a trace, by what is assembled of it.

    Parameters
    ----------
    trace_id
        32 hexadecimal digits.
    texts
        What `read_texts` gave of it, where that was asked already.
    """
    spans = _query(store, "spans_of.sql", project, trace_id)
    if texts is None:
        texts = read_texts(store, project, trace_id)
    texts = _within_budget([row["span_id"] for row in spans], texts)
    parents = {row["span_id"]: row["parent_span_id"] for row in spans}
    said = [_said(row, parents, *texts.get(row["span_id"], ((), ()))) for row in spans]
    roots = (one for one in said if not parents[one.span_id] and one.taken)
    root = next(roots, None)
    total = int(spans[0]["spans_total"]) if spans else 0
    return TraceSaid(said, "\n".join(root.taken) if root else "", total - len(said))


def read_texts(store: Store, project: str, trace_id: str) -> Mapping[str, tuple[Texts, Texts]]:
    """Return by span of a trace the texts that went in and those that came out, message by message."""
    rows = _query(store, "texts_of.sql", project, trace_id)
    hashes = ((row["day"], (*row["taken_pieces"], *row["given_pieces"])) for row in rows)
    places = list(dict.fromkeys(day + hash_ for day, some in hashes for hash_ in some))[:TRACE_PIECES_MAX]
    found = _query(store, "pieces_of.sql", project, trace_id, places=places) if places else []
    pieces = {row["place"]: row["piece"] for row in found}
    return {row["id"]: (_side(row, "taken", pieces), _side(row, "given", pieces)) for row in rows}


def _query(store: Store, name: str, project: str, trace_id: str, **more: object) -> Rows:
    parameters = {
        "project": project,
        "trace_id": trace_id,
        "spans_max": SPANS_MAX,
        "pieces_max": PIECES_MAX,
        "characters_max": CHARACTERS_MAX,
    }
    return store.query(statement(__package__, name), parameters | more)


def _within_budget(
    order: Sequence[str], texts: Mapping[str, tuple[Texts, Texts]]
) -> dict[str, tuple[Texts, Texts]]:
    """Return the texts of the first spans, as many as there is room for."""
    kept: dict[str, tuple[Texts, Texts]] = {}
    seen: set[str] = set()
    left = TRACE_CHARACTERS_MAX
    for span_id in order:
        taken, given = texts.get(span_id, ((), ()))
        fresh = {text for text in (*taken, *given) if text not in seen}
        left -= sum(map(len, fresh))
        if left < 0:
            break
        seen |= fresh
        kept[span_id] = (taken, given)
    return kept


def _side(row: Row, side: str, pieces: Mapping[str, str]) -> Texts:
    hashes: Iterable[str] = row[f"{side}_pieces"]
    apart = (pieces.get(row["day"] + hash_, "") for hash_ in hashes)
    return tuple(text for text in (*apart, row[side]) if text)


def _said(row: Row, parents: Mapping[str, str], taken: Texts, given: Texts) -> Said:
    return Said(
        span_id=row["span_id"],
        agent=row["agent"],
        start_ns=row["start_ns"],
        end_ns=row["end_ns"],
        taken=taken,
        given=given,
        above=_above(row["span_id"], parents),
        call_id=row["call_id"],
        kind=row["kind"],
        tool=row["tool"],
        failed=row["failed"],
    )


def _above(span_id: str, parents: Mapping[str, str]) -> frozenset[str]:
    found: dict[str, None] = {}
    while (span_id := parents.get(span_id, "")) and span_id not in found and len(found) < ABOVE_MAX:
        found[span_id] = None
    return frozenset(found)
