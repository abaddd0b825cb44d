"""ErrorChain: an error that is passed on until whole traces fail. Pure."""

from collections.abc import Mapping, Sequence

from analytics.chains.chain import FAILED_SHARE_MIN
from analytics.detectors.chain_window import QUIET, ROWS_MAX, recorded_chains
from analytics.detectors.detector import CHANGED_EVERY_S, Limits, Outcome, Row, Window
from analytics.detectors.error_chain_finding import DETECTOR, error_chain_finding
from analytics.detectors.past_days import no_longer
from analytics.detectors.wording import duration
from collector.store.statement import statement

OVER = f"No trace has failed so for {duration(QUIET.total_seconds())}."


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
        return recorded_chains(window)

    def detect(self, rows: Sequence[Row], window: Window, _limits: Limits) -> Outcome:
        """Tell of what fails traces, and has done so lately."""
        told = [row for row in rows if row["failures_lately"] and _is_unexpected(row)]
        over = window.watched - {(row["project"], row["fingerprint"]) for row in told}
        return Outcome(
            findings=[error_chain_finding(row) for row in told],
            resolutions=no_longer(over, OVER),
            partial=len(rows) >= ROWS_MAX,
        )


def _is_unexpected(row: Row) -> bool:
    return bool(row["traces_failed"] > FAILED_SHARE_MIN * row["traces"])
