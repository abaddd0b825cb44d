"""What is said of a source that fell silent. Pure."""

from collections.abc import Sequence
from datetime import UTC, datetime

from analytics.detectors.source import SILENT_RATIO
from analytics.detectors.source_row import EXPECTED_MIN, PERIOD_S, SourceRow
from analytics.detectors.wording import count, duration, plain
from analytics.findings.finding import Finding

DETECTOR = "silent_source"
# Services named of a silent project; the evidence says how many there are.
NAMED_MAX = 5


def silent_source_finding(row: SourceRow, services: Sequence[str], unfinished: int, now_ns: int) -> Finding:
    """Return the finding of a source that is cut off.

    Parameters
    ----------
    services
        Names of what is silent, if it has any.
    unfinished
        Traces of it that have begun and not ended: who goes idle leaves none.
    """
    periods, sent = row.recent(row.usual_before)
    silent_s = max(0.0, (now_ns - row.heard_ns) / 1e9)
    return Finding(
        project=row.project,
        detector=DETECTOR,
        fingerprint=row.fingerprint,
        severity="S2" if unfinished else "S3",
        grade="probable" if unfinished else "suspected",
        title=f"{_who(row, services)} {_what(row, silent_s)}, usually {row.usual_before:,.0f} in 30 s",
        advice=_advice(row, services, unfinished),
        since=datetime.fromtimestamp(row.heard_ns / 1e9, UTC),
        agents=[],
        trace_ids=[],
        span_ids=[],
        evidence={
            "service": plain(row.service) or None,
            "service_instance": plain(row.service_instance) or None,
            "services": [plain(name) for name in services[:NAMED_MAX]],
            "services_count": len(services),
            "silent_s": round(silent_s, 3),
            "reports": sent,
            "reports_in_s": periods * PERIOD_S,
            "reports_usual_in_30_s": row.usual_before,
            "n_periods": len(row.before),
            "rule": (
                f"{sent:,} reports in {duration(periods * PERIOD_S)} < {SILENT_RATIO:g} x"
                f" {row.usual_before:,.0f} in each {duration(PERIOD_S)}, with at least"
                f" {EXPECTED_MIN:g} expected, and never so few in the hour before"
            ),
            "unfinished_traces": unfinished,
            "false_positive_note": (
                "It may have been stopped on purpose, with work left undone."
                if unfinished
                else "It may simply have nothing to do: no trace of it is left unfinished."
            ),
        },
    )


def _who(row: SourceRow, services: Sequence[str]) -> str:
    if row.service_instance:
        return f"{plain(row.service_instance)} of {plain(row.service)}"
    if len(services) == 1:
        return plain(services[0])
    return f"The whole project ({count(len(services), 'service')})"


def _what(row: SourceRow, silent_s: float) -> str:
    if row.periods[0]:
        return f"sends far less than usual: {count(row.periods[0], 'report')} of spans in the last 30 s"
    return f"has sent nothing for {duration(silent_s)}"


def _advice(row: SourceRow, services: Sequence[str], unfinished: int) -> str:
    named = row.service_instance or ", ".join(services[:NAMED_MAX]) or row.project
    left = f" {count(unfinished, 'trace')} of it stopped in the middle." if unfinished else ""
    return (
        f"See whether {plain(named)} still runs, and whether its exporter reaches doldrums.{left}"
        " Until it sends again nothing of it is called stuck, silent or missing for being late."
    )
