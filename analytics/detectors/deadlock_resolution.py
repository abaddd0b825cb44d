"""Why a ring that was found no longer is, in plain words. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from analytics.detectors.wording import duration, plain
from analytics.findings.finding import Resolution
from analytics.findings.judgement import Key
from analytics.rfc3339 import rfc3339
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

Evidence = Mapping[str, Any]
# What is said of a ring that was not told yet.
NOT_TOLD: Evidence = {}


def spans_of(fingerprint: str, evidence: Evidence = NOT_TOLD) -> list[str]:
    """Return the ids of the spans that show a ring: of one that closed again, those of its last attempt.

    Examples
    --------
    >>> len(spans_of("a" * 48 + "b" * 48))
    2
    """
    return [hop["trace_id"] + hop["span_id"] for hop in evidence.get("hops", ())] or [
        fingerprint[first : first + _ID_DIGITS]
        for first in range(0, len(fingerprint) - _ID_DIGITS + 1, _ID_DIGITS)
    ]


def resolutions(
    missing: Iterable[Key], spans: Iterable[OpenSpan], now_ns: int, evidence: Mapping[Key, Evidence]
) -> Mapping[Key, Resolution | None]:
    """Return for each ring that is not found any more why it is resolved, None where it may close again."""
    reasons: dict[Key, Resolution | None] = {}
    gone = list(missing)
    # a look reads 200,000, and most often nothing is missing
    known = {(span.project, span.id): span for span in spans} if gone else {}
    for key in gone:
        project, told = key
        before = evidence.get(key, NOT_TOLD)
        shown_by = [known.get((project, each)) for each in spans_of(told, before)]
        reasons[key] = ANSWERED if told.endswith(CONCLUDED) else _resolution(shown_by, now_ns, before)
    return reasons


def _resolution(spans: Sequence[OpenSpan | None], now_ns: int, evidence: Evidence) -> Resolution | None:
    ended = [span for span in spans if span and span.ended]
    if ended:
        return _ended(min(ended, key=lambda span: span.end_ns), now_ns, evidence)
    if not all(spans):
        return FORGOTTEN
    lost = [span for span in spans if span and span.is_lost(now_ns)]
    if lost:
        longest_s = max(now_ns - span.last_seen_ns for span in lost) / 1e9
        return Resolution("lost", f"{_what(lost[0])} has not been reported for {duration(longest_s)}.")
    breaks = evidence.get("breaks")
    # the end of the wait that gave up is under way
    return None if breaks and breaks <= rfc3339(now_ns) and _may_close_again(evidence, now_ns) else GOES_ON


def _ended(span: OpenSpan, now_ns: int, evidence: Evidence) -> Resolution | None:
    retry_s = evidence.get("retry_s")
    if not retry_s or (span.end_ns and not _gave_up(span)):
        return Resolution("ended", f"{_how(span)}.")
    if _may_close_again(evidence, now_ns):
        return None
    again = f"the ring was not seen closed again for {duration(retry_s)}"
    return Resolution("ended", f"{_how(span)}; {again}.")


def _may_close_again(evidence: Evidence, now_ns: int) -> bool:
    """Say whether a ring with a deadline was seen closed a short time ago."""
    # what an earlier version told has none
    since_ns = now_ns - int(evidence.get("retry_s", 0) * 1e9)
    return bool(rfc3339(since_ns) <= evidence.get("all_open_until", ""))


def _how(span: OpenSpan) -> str:
    if not span.end_ns:
        return f"{_what(span)} ended"
    lasted_s = max(0.0, (span.end_ns - span.start_ns) / 1e9)
    if _gave_up(span):
        how = "gave up at its deadline"
    elif span.end_state == "cancelled":
        how = "was cancelled"
    elif span.error_type:
        how = f"ended in an error ({plain(span.error_type)})"
    else:
        how = "was given back" if span.holds else "ended"
    return f"{_what(span)} {how} after {duration(lasted_s)}"


def _gave_up(span: OpenSpan) -> bool:
    if span.timeout_s is None:
        return False
    lasted_s = max(0.0, (span.end_ns - span.start_ns) / 1e9)
    return abs(lasted_s - span.timeout_s) <= max(_NEAR_S, _NEAR_RATIO * span.timeout_s)


def _what(span: OpenSpan) -> str:
    who = plain(span.agent or span.name)
    if span.holds:
        return f"The lock {plain(span.holds)}, held by {who},"
    if span.says_wait:
        names = ", ".join(map(plain, span.targets[:3])) or "others"
        return f"{who}'s wait for {names}"
    return f"{who}'s call of {plain(span.handoff_to or span.tool or span.name)}"
