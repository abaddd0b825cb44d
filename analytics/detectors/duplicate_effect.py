"""DuplicateEffect: something outside was done twice, or may have been. Pure."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from itertools import groupby
from typing import Any

from analytics.detectors.detector import CHANGED_EVERY_S, Limits, Outcome, Row, Window
from analytics.detectors.effect import (
    MUTATING,
    READING,
    UNSURE,
    WITHIN_S,
    Duplicate,
    EffectCall,
    duplicate_of,
)
from analytics.detectors.wording import duration, plain
from analytics.findings.finding import Finding, Resolution
from analytics.fingerprint import fingerprint
from analytics.rfc3339 import unix_ns
from collector.store.statement import statement

DETECTOR = "duplicate_effect"
WINDOW = timedelta(seconds=WITHIN_S)
GROUPS_MAX = 5_000
CALLS_MAX = 20
DONE = Resolution("ended", "It was done an hour ago; nothing has been done twice since.")


class DuplicateEffect:
    """The same call that changes something outside, with the same arguments, twice within an hour.

    References
    ----------
    `docs/detectors.md`, section ``duplicate_effect``.
    """

    name = DETECTOR
    every_s = CHANGED_EVERY_S
    sql = statement(__package__, "duplicate_effect.sql")

    def parameters(self, window: Window) -> Mapping[str, object]:
        """Return the parameters of `sql` for one look."""
        return {
            "changed_version": window.changed_version,
            "since": max(0, unix_ns(window.now - WINDOW) // 1000),
            "mutating": MUTATING,
            "reading": READING,
            "unsure": UNSURE,
            "watched": sorted({told[:32] + project for project, told in window.watched}),
            "groups_max": GROUPS_MAX,
            "calls_max": CALLS_MAX,
        }

    def detect(self, rows: Sequence[Row], window: Window, _limits: Limits) -> Outcome:
        """Tell of each that was done twice."""
        groups = [
            [EffectCall(**row) for row in some]
            for _, some in groupby(
                rows, key=lambda row: (row["project"], row["scope"], row["tool"], row["input_hash"])
            )
        ]
        told = [_finding(one) for calls in groups if (one := duplicate_of(calls))]
        over = window.watched - {(one.project, one.fingerprint) for one in told}
        return Outcome(
            findings=told,
            resolutions=dict.fromkeys(over, DONE),
            partial=len(groups) >= GROUPS_MAX,
        )


def _finding(one: Duplicate) -> Finding:
    first, second = one.first, one.second
    is_confirmed = one.verdict == "confirmed" and one.is_sure
    return Finding(
        project=first.project,
        detector=DETECTOR,
        fingerprint=second.trace_id + fingerprint(first.scope, first.tool, str(first.input_hash)),
        severity="S1" if is_confirmed and one.is_irreversible else "S2",
        grade="confirmed" if is_confirmed else "probable" if one.verdict == "confirmed" else "suspected",
        title=_title(one),
        advice=_advice(one),
        since=datetime.fromtimestamp(second.start_ns / 1e9, UTC),
        agents=list(dict.fromkeys(plain(call.agent) for call in (first, second) if call.agent)),
        trace_ids=list(dict.fromkeys((first.trace_id, second.trace_id))),
        span_ids=[first.span_id, second.span_id],
        evidence=_evidence(one),
        # both calls were made, and when to look again they have not changed: no second look would see them
        certain=True,
    )


def _title(one: Duplicate) -> str:
    first, second = one.first, one.second
    tool, apart = plain(first.tool), duration(max(0, second.start_ns - first.end_ns) / 1e9)
    who = plain(second.agent) or "Somebody"
    if one.verdict == "confirmed":
        had = f"{plain(first.agent) or 'somebody'} had" if first.agent != second.agent else "it had"
        return f"{who} called {tool} with the same arguments {apart} after {had}, and got another result"
    error = plain(first.error_type) or "an error"
    return f"{who} called {tool} again {apart} after {error}: it may have been done twice"


def _advice(one: Duplicate) -> str:
    first, second = one.first, one.second
    return (
        f"See at the other side of {plain(first.tool)} whether it was done twice (spans {first.span_id} and"
        f" {second.span_id}), and take one back. Send an idempotency key with it, or look whether it is done"
        " before it is tried again."
    )


def _evidence(one: Duplicate) -> Mapping[str, Any]:
    first, second = one.first, one.second
    return {
        "rule": "the same tool with the same arguments within an hour, in one session: two results that name"
        " different things, or a success after an error that leaves open whether it was done",
        "verdict": one.verdict,
        "tool": plain(first.tool),
        "calls": [
            {
                "trace_id": call.trace_id,
                "span_id": call.span_id,
                "agent": plain(call.agent),
                "failed": bool(call.failed),
                "error_type": plain(call.error_type),
            }
            for call in (first, second)
        ],
        "false_positive_note": "That the tool changes something is concluded from its name, and the other"
        " side may know by itself that it is the same.",
    }
