"""Headlines: a drift in one sentence, in the unit that people use. Pure."""

from collections.abc import Sequence

import numpy as np

from analytics.api.drift_models import LevelShift, ShareShift, WordShift
from analytics.detectors.wording import duration, plain
from analytics.drift.scores import UNSEEN
from analytics.series.key import SeriesKey
from analytics.series.metric import Unit

# Which quantile tells best of what moved; the median of all else.
_LEVELS = {"upper 5 %": 0.95, "upper 1 %": 0.99, "lower 5 %": 0.05, "lower 1 %": 0.05, "skew": 0.95}
_QUANTILES = {0.05: "5th percentile", 0.5: "median", 0.95: "95th percentile", 0.99: "99th percentile"}


def of_levels(key: SeriesKey, moved: str, levels: Sequence[LevelShift]) -> str:
    """Return the sentence of a metric that is a number."""
    if moved == UNSEEN:
        return f"{_subject(key)}: values come that were never seen"
    by_level = {round(one.level, 2): one for one in levels}
    level = _LEVELS.get(moved, _widest(levels) if moved == "scale" else 0.5)
    if key.is_pool:
        level = _farthest(levels)
    one = by_level[level]
    name = _QUANTILES.get(level, f"{100 * level:.0f}th percentile")
    before, after = value(one.before, key.measure.unit), value(one.after, key.measure.unit)
    return f"{_subject(key)}: the {name} went from {before} to {after}{_percent(one, key.measure.unit)}"


def not_as_before(key: SeriesKey) -> str:
    """Return the sentence of a series of which no more is known."""
    return f"{_subject(key)}: not as it was"


def of_shares(key: SeriesKey, moved: str, shares: Sequence[ShareShift]) -> str:
    """Return the sentence of a metric that is a category."""
    one = told_share(moved, shares)
    name = plain(one.category) or "nothing"
    return f"{_subject(key)}: “{name}” went from {share(one.before)} to {share(one.after)} of calls"


def told_share(moved: str, shares: Sequence[ShareShift]) -> ShareShift:
    """Return the category that the sentence is about: the one that moved, or else moved most."""
    one = next((one for one in shares if one.category == moved), None)
    return one or max(shares, key=lambda each: abs(each.after - each.before))


def of_content(key: SeriesKey, words: Sequence[WordShift]) -> str:
    """Return the sentence of texts that say something else: the word that came or went most."""
    if not words:
        return f"{_subject(key)}: it is not as it was"
    one = max(words, key=lambda each: abs(each.after - each.before))
    told = f"“{plain(one.word)}” went from {share(one.before)} to {share(one.after)} of answers"
    return f"{_subject(key)}: other words: {told}"


def value(number: float, unit: Unit) -> str:
    """Return a value with its unit.

    Examples
    --------
    >>> value(0.496, "s"), value(1240.4, "tokens"), value(0.0123, "USD")
    ('496 ms', '1,240 tokens', '$0.0123')
    """
    if unit == "s":
        return duration(number)
    if unit == "rank":
        return f"{number:.0f} %"
    if unit == "USD":
        return f"${number:.3g}"
    short = f"{number:,.0f}" if abs(number) >= 100 else f"{number:.3g}"
    return short if unit in ("score", "sketch", "share") else f"{short} {unit}"


def share(part: float) -> str:
    """Return a share in percent.

    Examples
    --------
    >>> share(0.0123), share(0.5), share(0.0)
    ('1.2 %', '50 %', '0 %')
    """
    percent = 100 * part
    return f"{percent:.0f} %" if percent >= 10 or percent == 0 else f"{percent:.2g} %"


def _subject(key: SeriesKey) -> str:
    what = plain(key.what)
    return what[:1].upper() + what[1:]


def _widest(levels: Sequence[LevelShift]) -> float:
    """Return which of the outer quartiles changed more, relative to what it was."""
    outer = [one for one in levels if round(one.level, 2) in (0.05, 0.95)]
    widest = max(outer, key=lambda one: abs(np.log(max(one.after, 1e-9) / max(one.before, 1e-9))))
    return round(widest.level, 2)


def _farthest(levels: Sequence[LevelShift]) -> float:
    """Return which quantile of ranks moved most."""
    return round(max(levels, key=lambda one: abs(one.after - one.before)).level, 2)


def _percent(one: LevelShift, unit: Unit) -> str:
    if one.before <= 0 or unit == "rank":
        return ""
    change, low, high = (100 * part / one.before for part in (one.after - one.before, one.low, one.high))
    return f" ({change:+.0f} %, between {low:+.0f} and {high:+.0f} %)"
