"""Reads the turns of one trace, and says whom to look at, and what came of it."""

from collections.abc import Mapping, Sequence
from dataclasses import fields
from typing import NamedTuple

from analytics.detectors.effect import MUTATING, READING
from analytics.flow.aftermath import Aftermath, Outcome, aftermath
from analytics.flow.flows_in import flows_in
from analytics.flow.reader import SPANS_MAX, TraceSaid, read_said, read_texts
from analytics.suspects.evidence import Suspect
from analytics.suspects.ranking import suspects_in
from analytics.suspects.readable import readable
from analytics.suspects.turn import Turn
from collector.store.rows import Row
from collector.store.statement import statement
from collector.store.store import Store

_TURN = tuple(field.name for field in fields(Turn) if field.name not in ("input", "output"))


class Suspects(NamedTuple):
    """Whom to look at in a trace, and how many turns were looked at.

    Parameters
    ----------
    aftermaths
        By span of a suspect what came of what it gave; of a prior, which is no evidence, none.
    with_content
        Turns of which a text is captured: without any, only errors and a prior are left.
    """

    suspects: Sequence[Suspect]
    aftermaths: Mapping[str, Aftermath]
    turns: int
    with_content: int


def read_suspects(store: Store, project: str, trace_id: str) -> Suspects:
    """Return the suspects of a trace, whether or not it failed.

    Parameters
    ----------
    trace_id
        32 hexadecimal digits.
    """
    rows = store.query(
        statement(__package__, "turns_of.sql"),
        {
            "project": project,
            "trace_id": trace_id,
            "spans_max": SPANS_MAX,
            "mutating": MUTATING,
            "reading": READING,
        },
    )
    texts = read_texts(store, project, trace_id)
    turns = [_turn(row, texts.get(row["span_id"], ((), ()))) for row in rows]
    task = next((turn.input for turn in turns if not turn.parent_span_id and turn.input), "")
    with_content = sum(bool(turn.input or turn.output) for turn in turns)
    suspects = suspects_in(task, turns)
    seeds = [one.turn.span_id for one in suspects if one.grade != "prior"]
    outcomes = {row["span_id"]: row["outcome"] for row in rows if row["outcome"]}
    said = read_said(store, project, trace_id, texts) if seeds and with_content else None
    return Suspects(suspects, _aftermaths(seeds, said, outcomes), len(turns), with_content)


def _turn(row: Row, texts: tuple[Sequence[str], Sequence[str]]) -> Turn:
    taken, given = ("\n".join(map(readable, side)) for side in texts)
    return Turn(**{name: row[name] for name in _TURN}, input=taken, output=given)


def _aftermaths(
    seeds: Sequence[str], said: TraceSaid | None, outcomes: Mapping[str, Outcome]
) -> Mapping[str, Aftermath]:
    if said is None:
        return {}
    spans = {one.span_id: one for one in said.spans}
    flows = flows_in(said.spans, said.task, outcomes)
    return {seed: aftermath(seed, flows, spans, outcomes) for seed in seeds}
