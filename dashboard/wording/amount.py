"""Counts, tokens, money, bytes and ratios as people read them. Pure."""

import math

from dashboard.wording.duration import three_digits
from dashboard.wording.sign import TIMES, UNKNOWN


def count(number: int) -> str:
    """Return a whole number with thousands separated."""
    return f"{number:,}"


def counted(number: int, noun: str, plural: str | None = None) -> str:
    """Return a count with its noun: `1 span`, `2 spans`, `3 matches`."""
    return f"{count(number)} {noun if number == 1 else plural or noun + 's'}"


def tokens(number: int | None) -> str:
    """Return tokens in three digits and a letter: `296`, `6.70k`, `12.3k`, `4.56M`."""
    if number is None:
        return UNKNOWN
    for scale, letter in ((1_000_000, "M"), (1_000, "k")):
        if number >= scale * 0.9995:
            return f"{three_digits(number / scale)}{letter}"
    return str(number)


def money(dollars: float | None) -> str:
    """Return dollars with cents, and with four decimals below a cent."""
    if dollars is None:
        return UNKNOWN
    return f"${dollars:,.4f}" if 0 < dollars < 0.01 else f"${dollars:,.2f}"


def size(length_bytes: int) -> str:
    """Return a size in binary units: `812 B`, `1.5 KiB`, `32 MiB`."""
    value, unit = float(length_bytes), "B"
    for larger in ("KiB", "MiB", "GiB", "TiB"):
        if value < 1024:
            break
        value, unit = value / 1024, larger
    return f"{value:.3g} {unit}" if value < 1000 else f"{value:.0f} {unit}"


def ratio(value: float | None) -> str:
    """Return a multiple, one decimal below ten."""
    if value is None or not math.isfinite(value):
        return UNKNOWN
    return f"{value:.1f}{TIMES}" if value < 9.95 else f"{value:,.0f}{TIMES}"


def rate(per_second: float) -> str:
    """Return a rate: `0.4/s`, `42/s`, `1,204/s`."""
    return f"{per_second:.1f}/s" if 0 < per_second < 9.95 else f"{per_second:,.0f}/s"


def shortened(name: str, length_max: int = 48) -> str:
    """Return a name short enough for a sentence."""
    return name if len(name) <= length_max else f"{name[: length_max - 1]}…"


def listed(names: list[str], limit: int = 3) -> str:
    """Return names in a row, the rest counted: `planner, coder and 4 more`."""
    shown = [shortened(name) for name in names[:limit]]
    if len(names) > limit:
        return f"{', '.join(shown)} and {len(names) - limit} more"
    return " and ".join([", ".join(shown[:-1]), shown[-1]]) if len(shown) > 1 else "".join(shown)
