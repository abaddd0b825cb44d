"""When a delivery is tried again."""

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from math import isfinite

# Seconds before each attempt, after the one before it: ten attempts in 75.6 h. The Standard
# Webhooks specification 1.0 proposes them ("Deliverability and reliability").
DELAYS_S = (0, 5, 5 * 60, 30 * 60, *(hours * 3600 for hours in (2, 5, 10, 14, 20, 24)))
# So that deliveries that failed together do not come back together.
_JITTER_RATIO = 0.1
# A receiver may slow us down, not stop us: 410 is for that.
_RETRY_AFTER_S_MAX = 24 * 3600


def next_attempt(step: int, now: datetime, jitter: float, retry_after_s: float | None) -> datetime | None:
    """Return when to try again after attempt number `step` (from 0) failed, None to give up.

    Parameters
    ----------
    jitter
        In [0, 1): how much of the tenth that a delay may grow by.
    retry_after_s
        Seconds that the receiver asked to be left alone for.
    """
    if step + 1 >= len(DELAYS_S):
        return None
    delay_s = DELAYS_S[step + 1] * (1 + _JITTER_RATIO * jitter)
    return now + timedelta(seconds=max(delay_s, retry_after_s or 0))


def retry_after_s(header: str | None, now: datetime) -> float | None:
    """Read a Retry-After header, seconds or a date; None when it is neither. At most a day.

    Examples
    --------
    >>> now = datetime(2026, 3, 1, tzinfo=UTC)
    >>> retry_after_s("120", now), retry_after_s("Sun, 01 Mar 2026 00:00:30 GMT", now)
    (120.0, 30.0)
    """
    if header is None:
        return None
    try:
        seconds = float(header) if header.strip().isascii() else float("nan")
    except ValueError:
        seconds = _until(header, now)
    return min(max(seconds, 0.0), float(_RETRY_AFTER_S_MAX)) if isfinite(seconds) else None


def _until(header: str, now: datetime) -> float:
    try:
        date = parsedate_to_datetime(header)
    except ValueError:
        return float("nan")
    aware = date if date.tzinfo else date.replace(tzinfo=UTC)
    return (aware - now).total_seconds()
