"""What looks at recorded error chains read: those that moved, counted over a day. Pure."""

from collections.abc import Mapping
from datetime import timedelta

from analytics.detectors.detector import Window
from analytics.rfc3339 import unix_ns

# What is counted.
WINDOW = timedelta(hours=24)
# After as long without another such trace it is over.
QUIET = timedelta(hours=1)
# A look's versions are those of assembly, which may be ahead of the clock by which chains are recorded.
RECORDED_LATE = timedelta(minutes=1)
ROWS_MAX = 2_000
EXAMPLES_MAX = 5


def recorded_chains(window: Window) -> Mapping[str, object]:
    """Return the parameters by which a statement reads `chains`."""
    late_us = int(RECORDED_LATE.total_seconds() * 1e6)
    return {
        "recorded": max(0, window.changed_version - late_us),
        "since": max(0, unix_ns(window.now - WINDOW) // 1000),
        "lately_ns": unix_ns(window.now - QUIET),
        "watched": sorted(fingerprint + project for project, fingerprint in window.watched),
        "examples_max": EXAMPLES_MAX,
        "rows_max": ROWS_MAX,
    }
