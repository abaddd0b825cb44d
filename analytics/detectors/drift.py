"""Drift: agents that put out something else than they did. Pure."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from analytics.detectors.detector import CHANGED_EVERY_S, Limits, Outcome, Row, Window
from analytics.detectors.drift_finding import DETECTOR, drift_finding
from analytics.detectors.past_days import no_longer
from collector.store.statement import statement

ROWS_MAX = 5_000
SHARE_MAX = 1_000
EXPLANATION_MAX = 100_000

OVER = "It is as it was before again, was taken for the new normal, or is watched otherwise."


class Drift:
    """Series of an agent drift, as `analytics/series` found: here they become findings, one for each agent.

    References
    ----------
    `docs/detectors.md`, section ``drift``.
    """

    name = DETECTOR
    every_s = CHANGED_EVERY_S
    sql = statement(__package__, "drift.sql")

    def parameters(self, _window: Window) -> Mapping[str, object]:
        """Return the parameters of `sql` for one look."""
        return {"rows_max": ROWS_MAX, "share_max": SHARE_MAX, "explanation_max": EXPLANATION_MAX}

    def detect(self, rows: Sequence[Row], window: Window, _limits: Limits) -> Outcome:
        """Tell of every agent that drifts; series without one are told of one by one."""
        agents: defaultdict[tuple[str, str, str, int], list[Row]] = defaultdict(list)
        for row in rows:
            of_none = 0 if row["agent"] else row["series"]
            agents[row["project"], row["environment"], row["agent"], of_none].append(row)
        return Outcome(
            findings=[drift_finding(some) for some in agents.values()],
            resolutions=no_longer(window.watched, OVER),
            partial=len(rows) >= ROWS_MAX,
        )
