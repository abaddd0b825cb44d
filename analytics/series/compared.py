"""A compared series, in words and numbers. Pure."""

from collections.abc import Sequence

from analytics.api.drift_models import ComparedSeries, WordShift
from analytics.detectors.wording import plain
from analytics.series.comparison import Change, Judged, Limits
from analytics.series.headline import share
from analytics.series.key import series_id
from analytics.series.shifts import level_shifts, share_shifts

_SHARES_MAX = 10
_WORDS_TOLD_MAX = 3


def compared_series(
    one: Judged, discovery_rate: float | None, limits: Limits, words: Sequence[WordShift]
) -> ComparedSeries:
    """Return what is told of a series.

    Parameters
    ----------
    words
        That came and went, of what texts say.
    """
    differs, missing = one.differs(discovery_rate, limits), one.missing(discovery_rate, limits)
    key, measure, shift = one.key, one.key.measure, one.shift
    return ComparedSeries(
        id=series_id(one.series),
        environment=key.environment,
        agent=key.agent,
        operation=key.operation,
        subject=key.subject,
        metric=key.metric,
        kind=measure.kind,
        unit=measure.unit,
        verdict="unknown" if missing else "differs" if differs else "alike",
        calls_before=one.calls[0],
        calls_after=one.calls[1],
        discovery_rate=None if missing else discovery_rate,
        wanting=missing,
        moved=one.moved.name if one.moved else None,
        headline=f"Unknown: {missing}." if missing else _headline(one, words, differs=differs),
        greater=shift.greater if shift and not one.names else None,
        levels=level_shifts(shift) if shift and not one.names else [],
        shares=share_shifts(shift, one.names, _SHARES_MAX) if shift and one.names else [],
        distance=one.change.after if one.change and measure.kind == "content" else None,
        words=list(words),
    )


def told(value: float, unit: str) -> str:
    """Return a value with its unit.

    Examples
    --------
    >>> told(0.4961, "s"), told(1234.5, "tokens"), told(0.0312, "share")
    ('0.496 s', '1,234 tokens', '3.12 %')
    """
    if unit == "share":
        return f"{100 * value:.3g} %"
    return f"{value:,.0f} {unit}" if abs(value) >= 1000 else f"{value:.3g} {unit}"


def _headline(one: Judged, words: Sequence[WordShift], *, differs: bool) -> str:
    told = [_verdict(one, differs=differs), *_worded(words), *filter(None, [one.caveat])]
    return f"{'; '.join(told)}."


def _verdict(one: Judged, *, differs: bool) -> str:
    if one.change is None:
        return "Alike: no difference beyond chance"
    changed = _changed(one.change, one.key.measure.unit)
    return changed if differs else f"Alike: too little or too unsure to count ({changed})"


def _changed(change: Change, unit: str) -> str:
    if unit == "sketch":
        return f"the mean text moved by {change.after:.2g} standard deviations of one text"
    pair = f"{told(change.before, unit)} -> {told(change.after, unit)}"
    if unit == "share" or change.before == 0:
        return f"{change.name} {pair}"
    return f"{change.name} {pair} ({change.relative:+.0%})"


def _worded(words: Sequence[WordShift]) -> list[str]:
    most = sorted(words, key=lambda one: -abs(one.after - one.before))[:_WORDS_TOLD_MAX]
    told = [f"“{plain(one.word)}” {share(one.before)} -> {share(one.after)}" for one in most]
    return [f"answers with {', '.join(told)}"] if told else []
