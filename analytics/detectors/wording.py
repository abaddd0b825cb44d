"""Numbers and names as a person reads them. Pure."""

import unicodedata
from functools import lru_cache

SHORT_UNITS = ((1e-6, "µs", 1000.0), (1e-3, "ms", 1000.0), (1.0, "s", 60.0))
NAME_CHARACTERS_MAX = 80


def duration(seconds: float) -> str:
    """Return a duration as the dashboard writes it too: `tests/dashboard/wording` compares the two.

    Examples
    --------
    >>> duration(0.0351), duration(1.94), duration(41), duration(252), duration(7500)
    ('35.1 ms', '1.94 s', '41.0 s', '4m 12s', '2h 05m')
    """
    for unit_s, unit, limit in SHORT_UNITS:
        text = _three_digits(seconds / unit_s)
        if float(text) < limit:
            return f"{text} {unit}"
    minutes, seconds = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    if days:
        return f"{days}d {hours:02}h"
    return f"{hours}h {minutes:02}m" if hours else f"{minutes}m {seconds:02}s"


def _three_digits(value: float) -> str:
    rounded = float(f"{value:.3g}")
    decimals = 0 if rounded >= 100 or rounded == 0 else 1 if rounded >= 10 else 2
    return f"{rounded:.{decimals}f}"


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
