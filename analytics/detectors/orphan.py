"""Orphan: spans whose parents never arrived, and why. Pure."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from analytics.detectors.detector import CHANGED_EVERY_S, Limits, Outcome, Row, Window
from analytics.detectors.orphan_finding import DETECTOR, Orphans, orphan_finding
from analytics.detectors.orphan_row import Cause, OrphanRow
from analytics.detectors.source import Source, is_of_any
from analytics.findings.finding import Resolution
from analytics.inferred.unfinished import Unfinished
from analytics.rfc3339 import unix_ns
from collector.store.statement import statement

# Silence after which what is missing of a trace that has ended will hardly come: a batch exporter sends every
# 5 s and retries for a minute; the least of `reference/detectors.md` 3.3 is 30 s.
GRACE_S = 60.0
# Of a trace whose root is missing, too: for so long an agent of which nothing is known may work on.
ROOTLESS_GRACE_S = 900.0
# The newest traces say how things are now: so many, or those of six hours. So many of each project that has
# few, too: those with fewest, as long as all of theirs come to no more than this.
TRACES_MAX = 10_000
SMALL_TRACES_MAX = 100_000
LOOK_BACK_S = 6 * 3600.0
ROWS_MAX = 2_000
# Fewer traces than these are an accident, worth no finding.
TRACES_WITH_ORPHANS_MIN = 3
# And so is a smaller share of the spans.
LOST_RATIO_MIN = 0.001

ARRIVE = Resolution("progressed", "In the newest traces the parents arrive.")


class Orphan:
    """Children arrived, their parents did not, and their traces are over.

    One finding for each service and cause, with how many of how many. What a trace that is still unfinished
    misses is no orphan: it goes on there, or `silent_trace` says that it stopped.

    References
    ----------
    `docs/detectors.md`, section ``orphan``.
    """

    name = DETECTOR
    every_s = CHANGED_EVERY_S
    sql = statement(__package__, "orphan.sql")

    def parameters(self, window: Window) -> Mapping[str, object]:
        """Return the parameters of `sql` for one look."""
        now_ns = unix_ns(window.now)
        return {
            "since_version": (now_ns - int(LOOK_BACK_S * 1e9)) // 1000,
            "until_version": (now_ns - int(GRACE_S * 1e9)) // 1000,
            "unended": [
                trace.trace_id + trace.project for trace in window.unfinished if _may_go_on(trace, now_ns)
            ],
            "traces_max": TRACES_MAX,
            "small_traces_max": SMALL_TRACES_MAX,
            "rows_max": ROWS_MAX,
        }

    def detect(self, rows: Sequence[Row], window: Window, limits: Limits) -> Outcome:  # noqa: ARG002 - of all detectors
        """Find the services whose spans miss parents, by cause."""
        groups: defaultdict[tuple[str, str, Cause], list[OrphanRow]] = defaultdict(list)
        for row in (OrphanRow(**row) for row in rows):
            groups[row.project, row.service, row.cause].append(row)
        orphans = [Orphans(*names, tuple(group)) for names, group in groups.items()]
        return Outcome(
            findings=[orphan_finding(each) for each in orphans if _may_be_said(each, window)],
            resolutions=dict.fromkeys(window.watched, ARRIVE),
            partial=len(rows) >= ROWS_MAX,
        )


def _may_go_on(trace: Unfinished, now_ns: int) -> bool:
    """Say whether something that is missing of a trace may be at work."""
    if trace.open_spans:
        return True
    if trace.roots or trace.talked_out:
        return False
    is_inferred = any(work.evidence != "parent" for work in trace.work)
    return is_inferred or now_ns - trace.heard_ns < ROOTLESS_GRACE_S * 1e9


def _may_be_said(orphans: Orphans, window: Window) -> bool:
    if (orphans.project, orphans.fingerprint) in window.watched:
        return True
    if is_of_any(Source(orphans.project, orphans.service), window.silent):
        return False
    is_usual = orphans.cause != "lost" or orphans.lost_ratio >= LOST_RATIO_MIN
    return is_usual and orphans.traces >= TRACES_WITH_ORPHANS_MIN
