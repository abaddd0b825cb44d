"""Asked: with which system prompt and which tools stored calls asked their models."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from analytics.contracts import definitions
from analytics.contracts.texts import PIECES_MAX, Apart, Pieces
from analytics.prompts import system_prompt
from analytics.prompts.tool_set import tool_set
from collector.store.statement import statement
from collector.store.store import Store

# Of a call: its texts are in memory with those of others.
KEYS_MAX = 64
CHARACTERS_MAX = 131_072
_KEYS = f"{definitions.KEYS}|^(?:{system_prompt.KEYS})$"

Row = Mapping[str, Any]


class AskedWith(NamedTuple):
    """What a model was told before it was asked; empty where it was not captured."""

    prompt: str
    tools: Mapping[str, str]


def asked_with(store: Store, places: Sequence[str]) -> Iterator[tuple[str, AskedWith]]:
    """Yield the place of each call that is stored, and with what it asked.

    Parameters
    ----------
    places
        Of calls: trace and span in hexadecimal digits, and the project. Their texts are in memory at once.
    """
    parameters = {
        "places": list(places),
        "keys": _KEYS,
        "characters_max": CHARACTERS_MAX,
        "keys_max": KEYS_MAX,
        "pieces_max": PIECES_MAX,
    }
    rows = list(store.query(statement(__package__, "asked.sql"), parameters))
    pieces = Pieces(store)
    for row in rows:
        for *_, hashes in row["said_apart"]:
            pieces.want(row["day"], row["place"][48:], hashes)
    pieces.read()
    for row in rows:
        yield row["place"], _asked(row, pieces)


def _asked(row: Row, pieces: Pieces) -> AskedWith:
    said = dict(row["said"])
    for key, joint, ending, hashes in row["said_apart"]:
        said[key] = pieces.text(row["day"], row["place"][48:], Apart(joint, ending, hashes))
    input_text = row["input_text"] or said.get(row["input_key"], "")
    return AskedWith(system_prompt.system_prompt(said, input_text), tool_set(said))
