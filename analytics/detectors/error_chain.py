"""ErrorChain: an error that is passed on until whole traces fail. Pure."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from analytics.chains.chain import FAILED_SHARE_MIN
from analytics.detectors.detector import CHANGED_EVERY_S, Limits, Outcome, Row, Window
from analytics.detectors.error_chain_finding import DETECTOR, error_chain_finding
from analytics.detectors.wording import duration
from analytics.findings.finding import Resolution
from analytics.rfc3339 import unix_ns
from collector.store.statement import statement

# What is counted.
WINDOW = timedelta(hours=24)
# After as long without another such failure it is over.
QUIET = timedelta(hours=1)
# What was recorded may be of traces that were assembled a while ago (`analytics/chains/recorder.py`).
RECORDED_LATE = timedelta(minutes=5)
ROWS_MAX = 2_000
EXAMPLES_MAX = 5


class ErrorChain:
    """A call fails, what called it fails, and so on up to the root, in one trace or in many.

    One finding for all traces in which the same call failed with the same error and took the same way. What
    somebody above contained, retried or gave up on purpose is none, nor an error that most traces outlive.

    References
    ----------
    `docs/detectors.md`, section ``error_chain``.
    """

    name = DETECTOR
    every_s = CHANGED_EVERY_S
    sql = statement(__package__, "error_chain.sql")

    def parameters(self, window: Window) -> Mapping[str, object]:
        """Return the parameters of `sql` for one look."""
        late_us = int(RECORDED_LATE.total_seconds() * 1e6)
        return {
            "recorded": max(0, window.changed_version - late_us),
            "since": max(0, unix_ns(window.now - WINDOW) // 1000),
            "lately_ns": unix_ns(window.now - QUIET),
            "watched": sorted(fingerprint + project for project, fingerprint in window.watched),
            "examples_max": EXAMPLES_MAX,
            "rows_max": ROWS_MAX,
        }

    def detect(self, rows: Sequence[Row], window: Window, _limits: Limits) -> Outcome:
        """Tell of what fails traces, and has done so lately."""
        told = [row for row in rows if row["failures_lately"] and _is_unexpected(row)]
        over = Resolution("ended", f"No trace has failed so for {duration(QUIET.total_seconds())}.")
        return Outcome(
            findings=[error_chain_finding(row, WINDOW) for row in told],
            resolutions=dict.fromkeys(window.watched, over),
            partial=len(rows) >= ROWS_MAX,
        )


def _is_unexpected(row: Row) -> bool:
    return bool(row["failures"] > FAILED_SHARE_MIN * row["traces"])
