"""Attempts: what stays the same of a ring whose waits give up and are tried again. Pure."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence

from analytics.waits.open_span import OpenSpan

# In a fingerprint, behind the ids of the spans of the first attempt: what follows names the ring.
_NAMED = "@"
_NAME_DIGITS = 16
# A ring that gave up is the same when it closes again within twice the time its waits have, within these
# bounds: whoever tries again may pause first, and its reports are late.
RETRY_S_MIN = 60.0
RETRY_S_MAX = 600.0


def name_of(spans: Sequence[OpenSpan]) -> str:
    """Return what a ring that gives up by itself is called at every attempt; '' where no wait of it gives up.

    The same agents that wait for the same in the same trace have one name; across traces those of one
    session have, and else those of the same traces.
    """
    if retry_s(spans) is None:
        return ""
    traces, sessions = {span.trace_id for span in spans}, {span.session for span in spans}
    within = next((one for one in (traces, sessions) if len(one) == 1 and "" not in one), None)
    hops = sorted(
        [
            span.environment,
            span.agent,
            span.holds,
            span.wait_reason,
            span.wait_resource,
            sorted(span.targets),
            span.handoff_to,
            span.tool,
            "" if within else span.trace_id,
        ]
        for span in spans
    )
    return hashlib.sha256(json.dumps([*(within or ()), hops]).encode()).hexdigest()[:_NAME_DIGITS]


def retry_s(spans: Iterable[OpenSpan]) -> float | None:
    """Return within how many seconds it may be tried again; None where none of its waits gives up."""
    timeouts_s = [span.timeout_s for span in spans if span.timeout_s is not None and not span.holds]
    return min(max(2 * max(timeouts_s), RETRY_S_MIN), RETRY_S_MAX) if timeouts_s else None


def named(ids: str, name: str) -> str:
    """Return the fingerprint of a ring at its first attempt."""
    return ids + _NAMED + name if name else ids


def known_names(fingerprints: Iterable[str]) -> Mapping[str, str]:
    """Return by name the fingerprints of those rings that have one.

    Examples
    --------
    >>> known_names(["a" * 48, "b" * 48 + "@2f"]) == {"2f": "b" * 48 + "@2f"}
    True
    """
    return {told.partition(_NAMED)[2]: told for told in fingerprints if _NAMED in told}
