"""Why a span that was found stuck no longer is, in plain words. Pure."""

from collections.abc import Collection, Iterable, Mapping

from analytics.detectors.open_row import OpenRow
from analytics.detectors.verdict import Verdict
from analytics.detectors.wording import duration, plain
from analytics.findings.finding import Resolution
from analytics.findings.judgement import Key
from analytics.waits.open_span import PATIENT_REASONS

ENDED = Resolution("ended", "The span ended.")
FORGOTTEN = Resolution("expired", "Nothing was reported of the span for 24 hours: it is no longer looked at.")
IN_RING = Resolution("delegated", "It waits in or behind a ring of waits, which has a finding of its own.")


def resolutions(
    watched: Iterable[Key],
    rows: Iterable[OpenRow],
    verdicts: Iterable[Verdict],
    explained: Collection[Key] = (),
    served: Collection[Key] = (),
) -> Mapping[Key, Resolution]:
    """Return for each watched finding why it would be resolved, were it not found now.

    Parameters
    ----------
    rows
        Everything that was read: what is not among them was forgotten.
    verdicts
        How the open ones of `rows` do.
    explained
        Spans of which a finding about a ring of waits says more.
    served
        Waits for somebody who is at work.
    """
    reasons = dict.fromkeys(watched, FORGOTTEN)
    if not reasons:  # a look judges 200,000
        return reasons
    reasons |= {row.key: ENDED for row in rows if row.key in reasons}
    for verdict in verdicts:
        if verdict.row.key in reasons:
            reasons[verdict.row.key] = _waits(verdict, explained, served) or resolution(verdict)
    return reasons


def _waits(verdict: Verdict, explained: Collection[Key], served: Collection[Key]) -> Resolution | None:
    if verdict.row.key in explained:
        return IN_RING
    if verdict.word == "waiting" and verdict.row.key in served:
        target = plain(verdict.waiting_on)
        return Resolution("delegated", f"It waits for {target}, and that is at work or waits for who is.")
    return None


def resolution(verdict: Verdict) -> Resolution:
    """Return why an open span is not stuck."""
    if verdict.word == "lost":
        return Resolution("lost", f"Nothing was reported of it for {duration(verdict.unseen_s)}.")
    if verdict.row.wait_reason in PATIENT_REASONS:
        return Resolution("waiting", f"It waits for {plain(verdict.waiting_on or verdict.row.wait_reason)}.")
    if verdict.quiet_s <= verdict.silence_s:
        return Resolution("progressed", f"It moved {duration(verdict.quiet_s)} before it was looked at.")
    if verdict.age_s <= verdict.limit.limit_s:
        limit = duration(verdict.limit.limit_s)
        return Resolution("limit", f"By what was learned since, it may take {limit}.")
    return Resolution("delegated", "Something below it is open now, and it waits for that.")
