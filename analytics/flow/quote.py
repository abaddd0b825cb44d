"""What two texts have in common, to be shown as evidence. Pure."""

import re
from collections.abc import Iterable, Sequence

from analytics.flow.shingles import WORDS

# Of a quotation; more is read in the spans themselves.
CHARACTERS_MAX = 160
_WORD = re.compile(r"\w+")


def quote(given: Iterable[str], taken: Iterable[str]) -> str:
    """Return how the first run of five words or more that both have stands in the latter; '' without one.

    Examples
    --------
    >>> quote(["We saw that two gates were left open."], ["Why? Two gates were left open in May."])
    'Two gates were left open'
    """
    known = {run for text in given for run in _runs(_words(text))}
    for text in taken:
        places = [match.span() for match in _WORD.finditer(text)]
        for first, run in enumerate(_runs(_words(text))):
            if run in known:
                return _quoted(text, places, first, known)
    return ""


def _words(text: str) -> list[str]:
    return [match[0].casefold() for match in _WORD.finditer(text)]


def _runs(words: Sequence[str]) -> list[tuple[str, ...]]:
    return list(zip(*(words[first:] for first in range(WORDS)), strict=False))


def _quoted(text: str, places: Sequence[tuple[int, int]], first: int, known: set[tuple[str, ...]]) -> str:
    last = first
    runs = _runs(_words(text))
    while last + 1 < len(runs) and runs[last + 1] in known:
        last += 1
    words = " ".join(text[places[first][0] : places[last + WORDS - 1][1]].split())
    return words if len(words) <= CHARACTERS_MAX else words[: CHARACTERS_MAX - 1] + "…"
