"""Values of a metric in its unit, and shares, as people read them. Pure."""

import math

from dashboard.wording.amount import money, tokens
from dashboard.wording.duration import duration, three_digits
from dashboard.wording.sign import UNKNOWN

_SCALES = {"s": ((60.0, "min"), (1.0, "s"), (1e-3, "ms"))}
_PLURALS = {"calls": "calls", "characters": "characters", "score": "", "sketch": ""}


def measured(value: float | None, unit: str) -> str:
    """Return a value with its unit.

    Examples
    --------
    >>> measured(0.496, "s"), measured(1234.0, "tokens"), measured(0.25, "share"), measured(3.0, "calls")
    ('496 ms', '1.23k tokens', '25.0 %', '3.00 calls')
    """
    if value is None or not math.isfinite(value):
        return UNKNOWN
    if unit == "s":
        return duration(value)
    if unit in ("share", "rank"):
        return percent(value if unit == "share" else value / 100)
    if unit == "USD":
        return f"-{money(-value)}" if value < 0 else money(value)
    if unit == "tokens":
        return f"{'-' if value < 0 else ''}{tokens(round(abs(value)))} tokens"
    return f"{number(value)} {_PLURALS.get(unit, '')}".rstrip()


def number(value: float) -> str:
    """Return three significant digits, thousands separated."""
    if abs(value) >= 1000:
        return f"{value:,.0f}"
    return f"-{three_digits(-value)}" if value < 0 else three_digits(value)


def percent(share: float | None) -> str:
    """Return a share; what is not nothing is never 0 %.

    Examples
    --------
    >>> percent(0.0), percent(0.00001), percent(0.034), percent(1.0)
    ('0 %', '<0.1 %', '3.4 %', '100 %')
    """
    if share is None or not math.isfinite(share):
        return UNKNOWN
    if share in (0, 1):
        return f"{share:.0%}".replace("%", " %")
    return "<0.1 %" if 0 < share < 0.001 else f"{100 * share:.1f} %"


def signed(text: str) -> str:
    """Return a difference with its sign.

    Examples
    --------
    >>> signed("3.4 %"), signed("-12 ms"), signed("0 %")
    ('+3.4 %', '-12 ms', '0 %')
    """
    return text if text.startswith(("-", "0", "<", UNKNOWN)) and not text.startswith("0.") else f"+{text}"


def percent_of(logarithm: float) -> str:
    """Return by how many percent something grew.

    Examples
    --------
    >>> percent_of(0.0), percent_of(0.31), percent_of(-0.1)
    ('0 %', '36 %', '-9.5 %')
    """
    grown = 100 * math.expm1(min(logarithm, 20.0))
    return f"{grown:.0f} %" if abs(grown) >= 10 or grown == 0 else f"{grown:.2g} %"


def points(difference: float) -> str:
    """Return a difference of shares.

    Examples
    --------
    >>> points(0.123), points(-0.02)
    ('+12.3 points', '-2.00 points')
    """
    return percent_points(100 * difference)


def percent_points(difference: float) -> str:
    """Return a difference of percents.

    Examples
    --------
    >>> percent_points(7.93)
    '+7.93 points'
    """
    return f"{signed(number(difference))} points"


def times(log_odds: float) -> str:
    """Return how many times a logarithm is: `340 times`, `2 million times`.

    Examples
    --------
    >>> times(5.83), times(14.2), times(40)
    ('340 times', '1.5 million times', 'more than a billion times')
    """
    if log_odds > math.log(1e9):
        return "more than a billion times"
    odds = math.exp(max(log_odds, 0.0))
    if odds >= 1e6:
        return f"{odds / 1e6:.2g} million times"
    return f"{float(f'{odds:.2g}'):,.0f} times" if odds >= 10 else f"{odds:.1f} times"


def scale(unit: str, typical: float) -> tuple[float, str]:
    """Return by what values are divided on an axis, and what is written beside it."""
    for size, name in _SCALES.get(unit, ()):
        if typical >= size or name == "ms":
            return size, name
    return 1.0, {"USD": "US $", "score": "", "sketch": "", "rank": "% of usual calls"}.get(unit, unit)
