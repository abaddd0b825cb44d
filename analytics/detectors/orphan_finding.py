"""What is said of spans whose parents never arrived. Pure."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from analytics.detectors.orphan_row import Cause, OrphanRow
from analytics.detectors.wording import count, plain
from analytics.findings.finding import Finding

DETECTOR = "orphan"
# Kinds of spans, traces and spans that are named; the evidence says how many there are.
NAMED_MAX = 5

_WHY = {
    "never": "its callers send no spans here",
    "sampled": "most of its callers' spans are sampled away or sent elsewhere",
    "elsewhere": "their parents are in other traces: the context is broken on the way",
    "process": "they were the last that their processes sent",
    "lost": "single spans are lost on the way",
}
_ADVICE = {
    "never": "A gateway or caller that sends no spans is no fault: instrument it, or leave it as it is.",
    "sampled": "Let all services of a trace decide alike what is sampled (a parent-based sampler).",
    "elsewhere": "Pass the trace context on where these calls leave a process: headers, queues, threads.",
    "process": "See whether these processes were killed in mid-work: out of memory, evicted, deployed.",
    "lost": "See whether the exporter's queue is full, and whether it flushes before the process exits.",
}
_DOUBT = {
    "never": "Learned from what was seen: a caller that outlasts all of these traces looks the same.",
    "sampled": "Learned from what was seen: a caller that fails in most traces looks the same.",
    "elsewhere": "Ids of spans that were made equal by chance, or on purpose, look the same.",
    "process": "A process that has had nothing to do since looks the same.",
    "lost": "A parent that is still at work in a trace whose root has ended looks the same.",
}


@dataclass(frozen=True, slots=True)
class Orphans:
    """Spans of one service that miss their parents for the same reason."""

    project: str
    service: str
    cause: Cause
    rows: Sequence[OrphanRow]

    @property
    def fingerprint(self) -> str:
        """Name of their finding; a service's name is of any length."""
        return hashlib.sha256(f"{self.cause}\n{self.service}".encode()).hexdigest()

    @property
    def spans(self) -> int:
        """How many there are."""
        return sum(row.orphans for row in self.rows)

    @property
    def children(self) -> int:
        """How many of their like name a parent."""
        return sum(row.children for row in self.rows)

    @property
    def traces(self) -> int:
        """In how many traces they are, at least: spans of two names may be in the same."""
        return max(row.traces_with_orphans for row in self.rows)

    @property
    def lost_ratio(self) -> float:
        """Which share of the spans that name a parent have none."""
        return self.spans / self.children


def orphan_finding(orphans: Orphans) -> Finding:
    """Return the finding of a service whose spans miss their parents."""
    cause = orphans.cause
    named = sorted(orphans.rows, key=lambda row: -row.orphans)[:NAMED_MAX]
    who = plain(orphans.service) or "an unnamed service"
    return Finding(
        project=orphans.project,
        detector=DETECTOR,
        fingerprint=orphans.fingerprint,
        severity="S3" if cause == "process" else "S4",
        grade="suspected" if cause == "process" else "probable",
        title=(
            f"Parents of {orphans.spans:,} of {count(orphans.children, 'span')} of {who} never arrived"
            f" ({orphans.lost_ratio:.1%}): {_WHY[cause]}"
        ),
        advice=_ADVICE[cause],
        since=datetime.fromtimestamp(min(row.since_ns for row in orphans.rows) / 1e9, UTC),
        agents=[],
        trace_ids=_first(trace for row in named for trace in row.trace_ids),
        span_ids=_first(span for row in named for span in row.span_ids),
        evidence={
            "inferred": True,
            "cause": cause,
            "service": plain(orphans.service) or None,
            "orphans": orphans.spans,
            "n_spans_with_parent": orphans.children,
            "traces_with_orphans": orphans.traces,
            "n_traces": max(row.traces for row in orphans.rows),
            "missing_parents": sum(row.missing_parents for row in orphans.rows),
            "spans": [
                {
                    "name": plain(row.name),
                    "kind": plain(row.kind),
                    "orphans": row.orphans,
                    "n_spans_with_parent": row.children,
                    "traces_with_orphans": row.traces_with_orphans,
                    "n_traces": row.traces,
                }
                for row in named
            ],
            "spans_count": len(orphans.rows),
            "processes": _first(plain(name) for row in orphans.rows for name in row.last_instances),
            "rule": "names a parent that no span of its trace is, after the trace was quiet for 60 s",
            "false_positive_note": _DOUBT[cause],
        },
    )


def _first(ids: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(ids))[:NAMED_MAX]
