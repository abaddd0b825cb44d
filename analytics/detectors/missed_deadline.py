"""MissedDeadline: spans that did not end in the time they gave themselves. Pure."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from analytics.detectors.deadline_row import LATE_RATIO, LATE_S, DeadlineRow
from analytics.detectors.detector import OPEN_EVERY_S, Limits, Outcome, Row, Window
from analytics.detectors.missed_deadline_finding import DETECTOR, Missed, missed_deadline_finding
from analytics.detectors.source import is_of_any
from analytics.findings.finding import Resolution
from analytics.findings.judgement import Key
from analytics.open_reports import REPORT_DELAY_S
from analytics.rfc3339 import unix_ns
from collector.store.statement import statement

ROWS_MAX = 50_000
FINDINGS_MAX = 200
# Ancestors that are walked past; a client may nest as deep as it likes.
ABOVE_MAX = 100
# A late end is told for as long.
TOLD_S = 3600.0

ENDED = Resolution("ended", "It has ended, or is no longer reported.")
BELOW = Resolution("delegated", "Something below it has missed its own deadline; that is what is told.")
LOST = Resolution("lost", "It was not seen open past its deadline, and its reports have ceased.")


class MissedDeadline:
    """A wait is open past its own deadline, or ended after it.

    Deadlines are those that spans tell (`docs/waits.md`); none is learned or made up. The deepest span
    that is late is blamed, its ancestors stand in the evidence.

    References
    ----------
    `docs/detectors.md`, section ``missed_deadline``.
    """

    name = DETECTOR
    every_s = OPEN_EVERY_S
    sql = statement(__package__, "missed_deadline.sql")

    def parameters(self, window: Window) -> Mapping[str, object]:
        """Return the parameters of `sql` for one look."""
        now_ns = unix_ns(window.now)
        return {
            "now_ns": now_ns,
            "delay_ns": int(REPORT_DELAY_S * 1e9),
            "changed_version": window.changed_version,
            "late_ratio": LATE_RATIO,
            "late_s": LATE_S,
            "late_since_ns": now_ns - int(TOLD_S * 1e9),
            "watched": sorted(fingerprint + project for project, fingerprint in window.watched),
            "rows_max": ROWS_MAX,
        }

    def detect(self, rows: Sequence[Row], window: Window, limits: Limits) -> Outcome:  # noqa: ARG002 - of all detectors
        """Find what is late, and in it what is late itself."""
        now_ns = unix_ns(window.now)
        spans = [DeadlineRow(**row) for row in rows]
        tree = _Tree(spans)
        late = [span for span in spans if span.overdue_s(now_ns) > 0 and _may_be_said(span, window)]
        above = {span.key: [one for one in tree.above(span) if one.timeout_s] for span in late}
        covered = {one.key for span in late for one in above[span.key]}
        told = _first_of_each_project([span for span in late if span.key not in covered])
        resolutions = dict.fromkeys(window.watched, ENDED)
        still = {span.key: BELOW if span.key in covered else LOST for span in spans}
        return Outcome(
            findings=[
                missed_deadline_finding(Missed(span, tree.leaf(span), above[span.key]), now_ns)
                for span in told
            ],
            resolutions=resolutions | {key: why for key, why in still.items() if key in resolutions},
            partial=len(rows) >= ROWS_MAX,
        )


class _Tree:
    """The open spans of some traces, by what contains them."""

    def __init__(self, spans: Sequence[DeadlineRow]) -> None:
        self._spans = {(span.project, span.trace, span.span): span for span in spans if not span.end_ns}
        self._youngest: dict[Key, DeadlineRow] = {}
        for span in self._spans.values():
            for ancestor in self.above(span):
                youngest = self._youngest.get(ancestor.key)
                if youngest is None or youngest.start_ns < span.start_ns:
                    self._youngest[ancestor.key] = span

    def above(self, span: DeadlineRow) -> Iterator[DeadlineRow]:
        """Yield the open ancestors of a span, nearest first."""
        for _ in range(ABOVE_MAX):
            parent = self._spans.get((span.project, span.trace, span.parent_span))
            if parent is None or parent is span:
                return
            span = parent
            yield span

    def leaf(self, span: DeadlineRow) -> DeadlineRow | None:
        """Return what began last below a span."""
        return self._youngest.get(span.key)


def _may_be_said(span: DeadlineRow, window: Window) -> bool:
    """Say whether it is known to be late: it ended so, was seen so, or would have been heard of."""
    if span.end_ns or span.is_proven:
        return True
    was_seen_once = span.first_seen_ns == span.last_seen_ns
    return was_seen_once and (span.key in window.watched or not is_of_any(span.source, window.silent))


def _first_of_each_project(late: Sequence[DeadlineRow]) -> Iterator[DeadlineRow]:
    counts: Counter[str] = Counter()
    for span in late:
        counts[span.project] += 1
        if counts[span.project] <= FINDINGS_MAX:
            yield span
