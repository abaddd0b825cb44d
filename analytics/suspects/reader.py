"""Reads the turns of one trace, and says whom to look at."""

from collections.abc import Sequence
from typing import NamedTuple

from analytics.flow.reader import SPANS_MAX, read_texts
from analytics.suspects.evidence import Suspect
from analytics.suspects.ranking import suspects_in
from analytics.suspects.readable import readable
from analytics.suspects.turn import Turn
from collector.store.statement import statement
from collector.store.store import Store


class Suspects(NamedTuple):
    """Whom to look at in a trace, and how many turns were looked at.

    Parameters
    ----------
    with_content
        Turns of which a text is captured: without any, only errors and a prior are left.
    """

    suspects: Sequence[Suspect]
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
        {"project": project, "trace_id": trace_id, "spans_max": SPANS_MAX},
    )
    texts = read_texts(store, project, trace_id)
    turns = []
    for row in rows:
        taken, given = texts.get(row["span_id"], ((), ()))
        words = ("\n".join(map(readable, side)) for side in (taken, given))
        turns.append(Turn(**row, input=next(words), output=next(words)))
    task = next((turn.input for turn in turns if not turn.parent_span_id and turn.input), "")
    with_content = sum(bool(turn.input or turn.output) for turn in turns)
    return Suspects(suspects_in(task, turns), len(turns), with_content)
