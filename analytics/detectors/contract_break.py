"""ContractBreak: calls that are given, or give back, what they must not. Pure."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from analytics.detectors.chain_window import QUIET, ROWS_MAX, recorded_chains
from analytics.detectors.contract_break_finding import DETECTOR, contract_break_finding
from analytics.detectors.detector import CHANGED_EVERY_S, Limits, Outcome, Row, Window
from analytics.detectors.past_days import no_longer
from analytics.detectors.wording import duration
from analytics.rfc3339 import unix_ns
from collector.store.statement import statement

OVER = f"No call has broken it for {duration(QUIET.total_seconds())}."
# What deviates from what was learned may be how it is from now on: that is known once a call is as before, or
# after so long in which too few followed.
SETTLED = timedelta(minutes=10)


class ContractBreak:
    """A call breaks a contract: a user's, the tool's own, or what its calls always were.

    One finding for each boundary, path and cause. What the tool itself refused is none, nor is what may be a
    change: the same deviation in all calls since.

    References
    ----------
    `docs/detectors.md`, section ``contract_break``.
    """

    name = DETECTOR
    every_s = CHANGED_EVERY_S
    sql = statement(__package__, "contract_break.sql")

    def parameters(self, window: Window) -> Mapping[str, object]:
        """Return the parameters of `sql` for one look."""
        parameters = dict(recorded_chains(window))
        del parameters["lately_ns"]
        return parameters

    def detect(self, rows: Sequence[Row], window: Window, _limits: Limits) -> Outcome:
        """Tell of what was broken lately, and by rights."""
        told = {(row["project"], row["fingerprint"]): row for row in rows if _is_told(row, window)}
        over = window.watched - told.keys()
        return Outcome(
            findings=[contract_break_finding(row) for row in told.values()],
            resolutions=no_longer(over, OVER),
            partial=len(rows) >= ROWS_MAX,
        )


def _is_told(row: Row, window: Window) -> bool:
    if row["seen_ns"] < unix_ns(window.now - QUIET) or (row["side"] == "input" and not row["consumed"]):
        return False
    if row["source"] == "tool":
        # more breaks than not: the schema is not about what is captured
        return bool(2 * row["calls_broken"] <= row["calls_checked"])
    is_settled = row["kept_after"] or row["seen_ns"] < unix_ns(window.now - SETTLED)
    return bool(row["source"] == "user" or is_settled)
