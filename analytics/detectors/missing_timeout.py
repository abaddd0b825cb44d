"""MissingTimeout: waits that nothing is seen to end. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain

from analytics.baselines.limit import default_limit_s
from analytics.detectors.detector import DAYS_EVERY_S, Limits, Outcome, Row, Window
from analytics.detectors.missing_timeout_finding import DETECTOR, Wait, Waits, missing_timeout_finding
from analytics.detectors.past_days import ROWS_MAX, no_longer, past_days
from analytics.detectors.round_timeout import round_timeout_s
from analytics.findings.finding import Finding
from collector.store.statement import statement

# `reference/detectors.md` 3.18. A wait of which it is said that no timeout would have let it last so long:
# longer than so many times the 99 % duration, ended or not; open for so many times the median.
TIMES_Q99 = 10
# Of 10,000 waits a hundred are longer than q99, and in heavy tails the longest is ten times as long by
# itself. So it must be ten times the tenth longest, too, which is q99 at n = 1,000.
TENTH = 9
TIMES_MEDIAN_OPEN = 30
# An open wait must be past what `stuck_span` grants, too: in heavy tails 30 medians are hardly more than q99.
TIMES_Q99_OPEN = 3
# 99 ended waits are the fewest of which a 99 % duration can be told, 20 the fewest of which a median is.
Q99_WAITS_MIN = 99
MEDIAN_WAITS_MIN = 20

OVER = "No wait of the newest version, within the last seven days, was so long that no timeout can end it."


class MissingTimeout:
    """An agent waits for something, now and then for very long, and nothing is seen to end the wait.

    A wait is bounded, and nothing is said of it, if it says its timeout, if one of its like ended by a
    timeout, or if the longest heap at a round number of seconds (`round_timeout_s`). Only waits of
    the newest version count as long; how long such waits usually take is learned from all versions.

    References
    ----------
    `docs/detectors.md`, section ``missing_timeout``.
    """

    name = DETECTOR
    every_s = DAYS_EVERY_S
    sql = statement(__package__, "missing_timeout.sql")

    def parameters(self, window: Window) -> Mapping[str, object]:
        """Return the parameters of `sql` for one look."""
        return past_days(window)

    def detect(self, rows: Sequence[Row], window: Window, limits: Limits) -> Outcome:  # noqa: ARG002
        """Judge the waits of each agent for each thing."""
        versions: defaultdict[tuple[str, ...], list[Row]] = defaultdict(list)
        for row in rows:
            versions[row["project"], row["agent"], row["what"], row["target"]].append(row)
        return Outcome(
            findings=list(_findings(versions.values())),
            resolutions=no_longer(window.watched, OVER),
            partial=len(rows) >= ROWS_MAX,
        )


def _findings(edges: Iterable[Sequence[Row]]) -> Iterable[Finding]:
    for versions in edges:
        waits = _waits(versions)
        if not waits.bounded and waits.longest.seconds > _too_long_s(waits):
            yield missing_timeout_finding(waits)


def _waits(versions: Sequence[Row]) -> Waits:
    newest = max(versions, key=lambda row: row["first_ns"])
    # the version with most waits tells best how long they take
    usual = max(versions, key=lambda row: row["ended"])
    trace_id, span_id, start_ns, is_open = newest["longest_wait"]
    ended_s = newest["longest_s"][0] if newest["longest_s"] else 0.0
    longest = sorted(chain.from_iterable(row["longest_s"] for row in versions), reverse=True)
    return Waits(
        project=newest["project"],
        agent=newest["agent"],
        what=newest["what"],
        target=newest["target"],
        kind=newest["kind"],
        version=newest["agent_version"],
        ended=sum(row["ended"] for row in versions),
        still_open=newest["still_open"],
        with_timeout=sum(row["with_timeout"] for row in versions),
        timed_out=sum(row["timed_out"] for row in versions),
        usual_n=usual["ended"],
        q50_s=usual["q50_s"],
        q99_s=usual["q99_s"],
        tenth_s=longest[TENTH] if len(longest) > TENTH else 0.0,
        round_timeout_s=round_timeout_s(longest),
        longest=Wait(max(ended_s, newest["longest_open_s"]), is_open, start_ns, trace_id, span_id),
        one_in=newest["one_in"],
    )


def _too_long_s(waits: Waits) -> float:
    """Return how long a wait must have lasted to show that no useful timeout ends it."""
    least_s = default_limit_s(waits.kind)
    by_q99_s = TIMES_Q99 * max(waits.q99_s, waits.tenth_s) if waits.usual_n >= Q99_WAITS_MIN else float("inf")
    by_median_s = float("inf")
    if waits.longest.is_open and waits.usual_n >= MEDIAN_WAITS_MIN:
        by_median_s = max(TIMES_MEDIAN_OPEN * waits.q50_s, TIMES_Q99_OPEN * waits.q99_s)
    return max(least_s, min(by_q99_s, by_median_s))
