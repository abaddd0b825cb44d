"""Runaway: a trace that grows far beyond its like, in width, depth, length or cost. Pure."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from analytics.detectors.detector import CHANGED_EVERY_S, Limits, Outcome, Row, Window
from analytics.detectors.runaway_finding import DETECTOR, runaway_finding
from analytics.detectors.trace_size import MEASURES, TraceSize, excesses
from analytics.findings.finding import Finding, Resolution
from analytics.findings.judgement import Key
from collector.store.statement import statement

# Large traces that one look reads, projects in turns, and finds of each project: what is watched first, then
# the largest.
ROWS_MAX = 20_000
FINDINGS_MAX = 200


class Runaway:
    """A trace has more spans, levels, children of one span, tokens or cost than its like ever had.

    Its like are the traces whose root has the same name, and the agent nearest to it; too few of them, and a
    stated default holds, and the finding says so. What is small is never told, however unusual.

    References
    ----------
    `docs/detectors.md`, section ``runaway``.
    """

    name = DETECTOR
    every_s = CHANGED_EVERY_S
    sql = statement(__package__, "runaway.sql")

    def parameters(self, window: Window) -> Mapping[str, object]:
        """Return the parameters of `sql` for one look."""
        return {
            "changed_version": window.changed_version,
            "watched": sorted({fingerprint[:32] + project for project, fingerprint in window.watched}),
            "rows_max": ROWS_MAX,
        } | {f"{measure.name}_floor": measure.floor for measure in MEASURES}

    def detect(self, rows: Sequence[Row], window: Window, limits: Limits) -> Outcome:
        """Compare every large trace with what is usual of its root."""
        findings: list[Finding] = []
        resolutions: dict[Key, Resolution] = {}
        for size in (TraceSize(**row) for row in rows):
            if size.ended and size.key in window.watched:
                resolutions[size.key] = Resolution("ended", f"The trace ended with {size.spans:,} spans.")
            elif found := excesses(size, limits):
                findings.append(runaway_finding(size, found))
        findings.sort(key=lambda finding: (finding.project, finding.fingerprint) not in window.watched)
        told = list(_first_of_each_project(findings))
        is_partial = len(rows) >= ROWS_MAX or len(told) < len(findings)
        return Outcome(told, resolutions, partial=is_partial)


def _first_of_each_project(findings: Iterable[Finding]) -> Iterator[Finding]:
    counts: Counter[str] = Counter()
    for finding in findings:
        counts[finding.project] += 1
        if counts[finding.project] <= FINDINGS_MAX:
            yield finding
