"""Why a ring that was found no longer is, in plain words. Pure."""

from collections.abc import Iterable, Mapping, Sequence

from analytics.detectors.wording import duration, plain
from analytics.findings.finding import Resolution
from analytics.findings.judgement import Key
from analytics.waits.open_span import OpenSpan
from analytics.waits.standstill import CONCLUDED

FORGOTTEN = Resolution(
    "expired", "Nothing was reported of its waits for 24 hours: they are no longer looked at."
)
ANSWERED = Resolution("progressed", "Something more of it has arrived: what was inferred no longer holds.")
GOES_ON = Resolution("progressed", "Its waits are open, but something else goes on in one of its agents now.")
# An end so near to when a wait would give up is its giving up, in seconds and as a share of its length.
_NEAR_S = 1.0
_NEAR_RATIO = 0.05
_ID_DIGITS = 48


def spans_of(fingerprint: str) -> list[str]:
    """Return the ids of the spans that a fingerprint names.

    Examples
    --------
    >>> len(spans_of("a" * 48 + "b" * 48))
    2
    """
    return [
        fingerprint[first : first + _ID_DIGITS]
        for first in range(0, len(fingerprint) - _ID_DIGITS + 1, _ID_DIGITS)
    ]


def resolutions(watched: Iterable[Key], spans: Iterable[OpenSpan], now_ns: int) -> Mapping[Key, Resolution]:
    """Return for each watched ring why it would be resolved, were it not found now."""
    known = {(span.project, span.id): span for span in spans}
    return {
        (project, told): ANSWERED
        if told.endswith(CONCLUDED)
        else _resolution([known.get((project, each)) for each in spans_of(told)], now_ns)
        for project, told in watched
    }


def _resolution(spans: Sequence[OpenSpan | None], now_ns: int) -> Resolution:
    ended = [span for span in spans if span and span.ended]
    if ended:
        return Resolution("ended", _how(min(ended, key=lambda span: span.end_ns)))
    if not all(spans):
        return FORGOTTEN
    lost = [span for span in spans if span and span.is_lost(now_ns)]
    if lost:
        longest_s = max(now_ns - span.last_seen_ns for span in lost) / 1e9
        return Resolution("lost", f"{_what(lost[0])} has not been reported for {duration(longest_s)}.")
    return GOES_ON


def _how(span: OpenSpan) -> str:
    if not span.end_ns:
        return f"{_what(span)} ended."
    lasted_s = max(0.0, (span.end_ns - span.start_ns) / 1e9)
    if _gave_up(span, lasted_s):
        how = "gave up at its deadline"
    elif span.end_state == "cancelled":
        how = "was cancelled"
    elif span.error_type:
        how = f"ended in an error ({plain(span.error_type)})"
    else:
        how = "was given back" if span.holds else "ended"
    return f"{_what(span)} {how} after {duration(lasted_s)}."


def _gave_up(span: OpenSpan, lasted_s: float) -> bool:
    if span.wait_timeout_s is None:
        return False
    return abs(lasted_s - span.wait_timeout_s) <= max(_NEAR_S, _NEAR_RATIO * span.wait_timeout_s)


def _what(span: OpenSpan) -> str:
    who = plain(span.agent or span.name)
    if span.holds:
        return f"The lock {plain(span.holds)}, held by {who},"
    if span.says_wait:
        names = ", ".join(map(plain, span.targets[:3])) or "others"
        return f"{who}'s wait for {names}"
    return f"{who}'s call of {plain(span.handoff_to or span.tool or span.name)}"
