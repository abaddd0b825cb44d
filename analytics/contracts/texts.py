"""Reads texts of spans, with what of them is stored apart."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from analytics.contracts.payload import CHARACTERS_MAX
from collector.store.statement import statement
from collector.store.store import Store

# A longer text is not judged, so it is not read whole either.
PIECES_MAX = 200
# Of one statement: what is read at once is in memory at once.
PLACES_MAX = 5_000

Row = Mapping[str, Any]


class Texts(NamedTuple):
    """What went into a call and came out; None where it was not captured."""

    input: str | None
    output: str | None


class Apart(NamedTuple):
    """A text that is stored in pieces."""

    joint: str
    ending: str
    pieces: Sequence[str]


def read_texts(store: Store, places: Sequence[str], *, inputs: bool = True) -> dict[str, Texts]:
    """Return by its place what is captured of a call.

    Parameters
    ----------
    places
        Of calls: trace and span in hexadecimal digits, and the project.
    inputs
        Whether what went in is read too; what is not is None.
    """
    parameters = {
        "places": list(places),
        "characters_max": CHARACTERS_MAX + 1,
        "pieces_max": PIECES_MAX,
        "inputs": inputs,
    }
    rows = list(store.query(statement(__package__, "texts.sql"), parameters))
    pieces = Pieces(store)
    for row in rows:
        for side in ("input", "output"):
            pieces.want(row["day"], row["place"][48:], row[f"{side}_pieces"])
    pieces.read()
    return {row["place"]: Texts(_side(row, "input", pieces), _side(row, "output", pieces)) for row in rows}


def _side(row: Row, side: str, pieces: "Pieces") -> str | None:
    if not row[f"has_{side}"]:
        return None
    apart = Apart(row[f"{side}_joint"], row[f"{side}_ending"], row[f"{side}_pieces"])
    return pieces.text(row["day"], row["place"][48:], apart) if apart.pieces else row[f"{side}_text"]


class Pieces:
    """Pieces of texts, each read once."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._texts: dict[str, str | None] = {}

    def want(self, day: str, project: str, hashes: Iterable[str]) -> None:
        """Say what `read` is to read."""
        for hash_ in hashes:
            self._texts.setdefault(day + hash_ + project, None)

    def read(self) -> None:
        """Read what is wanted and not there."""
        places = [place for place, text in self._texts.items() if text is None]
        for start in range(0, len(places), PLACES_MAX):
            some = {"places": places[start : start + PLACES_MAX], "characters_max": CHARACTERS_MAX + 1}
            for row in self._store.query(statement(__package__, "pieces.sql"), some):
                self._texts[row["place"]] = row["piece"]

    def text(self, day: str, project: str, apart: Apart) -> str:
        """Return a text; one of which a piece is gone is longer than is judged."""
        pieces = [self._texts.get(day + hash_ + project) for hash_ in apart.pieces]
        if len(pieces) >= PIECES_MAX or any(piece is None for piece in pieces):
            return " " * (CHARACTERS_MAX + 1)
        return apart.joint.join(piece or "" for piece in pieces) + apart.ending
