"""SilentSource: who sends far less than usual, so that what is missing may only be late. Pure."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from analytics.detectors.detector import CHANGED_EVERY_S, Limits, Outcome, Row, Window
from analytics.detectors.silent_source_finding import DETECTOR, silent_source_finding
from analytics.detectors.source import SILENT_RATIO, Source
from analytics.detectors.source_row import SourceRow
from analytics.findings.finding import Finding, Resolution
from analytics.findings.judgement import Key
from analytics.rfc3339 import unix_ns
from collector.store.statement import statement

ROWS_MAX = 10_000
HOUR_MS = 3_630_000
# A segment's id begins with the milliseconds at which it was begun; it may have been open for as long.
SEGMENT_MS_MAX = 600_000
# A service goes on when so much of what it usually sends still comes: others do the silent one's work.
GOES_ON_RATIO = 0.8

SENDS = Resolution("progressed", "It sends again.")
USUAL = Resolution("expired", "It has been silent for most of an hour: that is usual now.")


class SilentSource:
    """A process, a service or a project sends less than a fifth of what it usually does.

    One finding says so, of the widest that is silent. Whatever judges ages or absence holds its tongue about
    the source meanwhile (`Window.silent`).

    References
    ----------
    `docs/detectors.md`, section ``silent_source``.
    """

    name = DETECTOR
    every_s = CHANGED_EVERY_S
    sql = statement(__package__, "silent_source.sql")

    def parameters(self, window: Window) -> Mapping[str, object]:
        """Return the parameters of `sql` for one look."""
        now_ns = unix_ns(window.now)
        return {
            "now_ns": now_ns,
            "since_segment": f"{now_ns // 1_000_000 - HOUR_MS - SEGMENT_MS_MAX:012x}",
            "silent_ratio": SILENT_RATIO,
            "watched": sorted(fingerprint + project for project, fingerprint in window.watched),
            "rows_max": ROWS_MAX,
        }

    def detect(self, rows: Sequence[Row], window: Window, limits: Limits) -> Outcome:  # noqa: ARG002 - of all detectors
        """Say who is silent, and find who is beyond chance."""
        sources = [SourceRow(**row) for row in rows]
        silent = frozenset(row.source for row in sources if row.is_silent)
        cut_off = {
            row.source for row in sources if row.is_cut_off and (row.is_silent or row.key in window.watched)
        }
        told = [
            row for row in sources if row.source in cut_off and not _is_told(row.source, cut_off, sources)
        ]
        return Outcome(
            findings=list(_findings(told, sources, window)),
            resolutions=_resolutions(window.watched, sources),
            silent=silent | cut_off,
            partial=len(rows) >= ROWS_MAX,
        )


def _is_told(source: Source, cut_off: Iterable[Source], rows: Sequence[SourceRow]) -> bool:
    """Say whether the finding of something wider says it already, or the others of its service go on."""
    project, service, instance = source
    wider = [Source(project), Source(project, service)][: 2 if instance else 1 if service else 0]
    if any(one in cut_off for one in wider):
        return True
    return bool(instance) and any(_goes_on(row) for row in rows if row.source == Source(project, service))


def _goes_on(service: SourceRow) -> bool:
    usual = service.usual_before
    if not usual:
        return False
    periods, sent = service.recent(usual)
    return sent >= GOES_ON_RATIO * periods * usual


def _findings(told: Iterable[SourceRow], rows: Sequence[SourceRow], window: Window) -> Iterator[Finding]:
    unfinished: Counter[Source] = Counter()
    for trace in window.unfinished:
        unfinished[Source(trace.project)] += 1
        unfinished.update(Source(trace.project, service) for service in trace.services)
    for row in told:
        services = {each.service for each in rows if each.project == row.project and each.service}
        names = [row.service] if row.service else sorted(services)
        left = unfinished[Source(row.project, row.service)]
        yield silent_source_finding(row, names, left, unix_ns(window.now))


def _resolutions(watched: Iterable[Key], rows: Iterable[SourceRow]) -> Mapping[Key, Resolution]:
    reasons = dict.fromkeys(watched, USUAL)
    return reasons | {row.key: SENDS for row in rows if row.key in reasons and row.usual_before}
