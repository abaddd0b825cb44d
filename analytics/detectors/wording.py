"""Numbers and names as a person reads them. Pure."""

import unicodedata
from functools import lru_cache

UNITS_S = (("d", 86400), ("h", 3600), ("min", 60), ("s", 1))
NAME_CHARACTERS_MAX = 80


def duration(seconds: float) -> str:
    """Return a duration in its two largest units.

    Examples
    --------
    >>> duration(0.0351), duration(1.94), duration(41), duration(252), duration(7500)
    ('35 ms', '1.9 s', '41 s', '4 min 12 s', '2 h 5 min')
    """
    if seconds < 1:
        return f"{seconds * 1000:.0f} ms"
    if seconds < 10:
        return f"{seconds:.1f} s"
    whole = round(seconds)
    for index, (unit, size_s) in enumerate(UNITS_S):
        if whole >= size_s:
            rest = (whole % size_s) // UNITS_S[index + 1][1] if index + 1 < len(UNITS_S) else 0
            return f"{whole // size_s} {unit}" + (f" {rest} {UNITS_S[index + 1][0]}" if rest else "")
    return "0 s"


@lru_cache(maxsize=4096)
def plain(name: str) -> str:
    """Return a name from outside as one short line of printable characters.

    Examples
    --------
    >>> plain("await" + chr(10) + "tests" + chr(27))
    'await tests'
    """
    cut = name[: 2 * NAME_CHARACTERS_MAX]
    words = "".join(
        " " if unicodedata.category(letter).startswith(("C", "Z")) else letter for letter in cut
    ).split()
    line = " ".join(words)
    return line if len(line) <= NAME_CHARACTERS_MAX else line[: NAME_CHARACTERS_MAX - 1] + "…"


def count(n: int, noun: str) -> str:
    """Return a number with its noun.

    Examples
    --------
    >>> count(1, "span"), count(1240, "span")
    ('1 span', '1,240 spans')
    """
    return f"{n:,} {noun}" if n == 1 else f"{n:,} {noun}s"
