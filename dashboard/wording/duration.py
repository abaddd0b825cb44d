"""Durations as people read them: `12.3 ms`, `2m 00s`, `3h 07m`, `2d 03h`. Pure.

`components/assets/duration.js` has the same rules for what the browser ticks by itself, and
`analytics/detectors/wording.py` for what findings say; tests compare them.
"""

import math

from dashboard.wording.sign import UNKNOWN

SHORT_UNITS = ((1e-6, "µs", 1000.0), (1e-3, "ms", 1000.0), (1.0, "s", 60.0))


def duration(seconds: float | None) -> str:
    """Return a measured duration with three significant digits, or a dash for an unknown one.

    Examples
    --------
    >>> duration(0.0123), duration(119.97)
    ('12.3 ms', '2m 00s')
    """
    if seconds is None or not math.isfinite(seconds):
        return UNKNOWN
    if seconds < 0:
        return "-" + duration(-seconds)
    for unit_s, unit, limit in SHORT_UNITS:
        text = three_digits(seconds / unit_s)
        if float(text) < limit:
            return f"{text} {unit}"
    return minutes_and_longer(round(seconds))


def age(seconds: float | None) -> str:
    """Return a duration that still runs, in whole seconds: a clock that ticks, not a measurement.

    Examples
    --------
    >>> age(0.4), age(41.2), age(119.97)
    ('<1 s', '41 s', '2m 00s')
    """
    if seconds is None or not math.isfinite(seconds):
        return UNKNOWN
    if seconds < 1:
        return "<1 s"
    whole_s = round(seconds)
    return f"{whole_s} s" if whole_s < 60 else minutes_and_longer(whole_s)


def three_digits(value: float) -> str:
    if value == 0:
        return "0"
    rounded = float(f"{value:.3g}")
    decimals = 0 if rounded >= 100 else 1 if rounded >= 10 else 2
    return f"{rounded:.{decimals}f}"


def minutes_and_longer(seconds: int) -> str:
    """Return two units, the smaller rounded down, as a clock does."""
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    if days:
        return f"{days}d {hours:02}h"
    if hours:
        return f"{hours}h {minutes:02}m"
    return f"{minutes}m {seconds:02}s"
