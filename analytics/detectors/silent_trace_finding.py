"""What is said of a trace that stopped in the middle. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from analytics.baselines.limit import Limit
from analytics.baselines.work import Work
from analytics.detectors.stuck_evidence import baseline_evidence
from analytics.detectors.wording import count, duration, plain
from analytics.findings.finding import Finding, Grade
from analytics.findings.judgement import Key
from analytics.inferred.unfinished import OpenWork, Unfinished
from analytics.rfc3339 import rfc3339

DETECTOR = "silent_trace"
# Inferred work that is named; the evidence says how much there is.
NAMED_MAX = 20


@dataclass(frozen=True, slots=True)
class Silence:
    """A trace of which nothing has arrived for too long.

    Parameters
    ----------
    work
        What it seems to wait for.
    compared, limit
        With what that is compared, and how long it may take.
    finished
        Traces of the service that have come to their end in the last hours.
    """

    trace: Unfinished
    work: OpenWork
    compared: Work
    limit: Limit
    silent_s: float
    finished: int

    @property
    def key(self) -> Key:
        """The project and the fingerprint."""
        return self.trace.project, self.trace.trace_id


def silent_trace_finding(silence: Silence) -> Finding:
    """Return the finding of a silent trace; inferred, so it is never confirmed."""
    trace = silence.trace
    behind = [work.agent for work in reversed(trace.work)]
    return Finding(
        project=trace.project,
        detector=DETECTOR,
        fingerprint=trace.trace_id,
        severity="S3",
        grade=grade_of(silence),
        title=f"{_what(silence)} (inferred); {_compared(silence)}",
        advice=_advice(silence),
        since=datetime.fromtimestamp(trace.heard_ns / 1e9, UTC),
        agents=list(dict.fromkeys(plain(name) for name in [silence.work.agent, *behind] if name)),
        trace_ids=[trace.trace_id],
        span_ids=list(
            dict.fromkeys([silence.work.asked_by, *(work.asked_by for work in trace.work[:NAMED_MAX])])
        ),
        evidence=_evidence(silence),
    )


def grade_of(silence: Silence) -> Grade:
    """Return how sure it is that the trace waits for what it seems to.

    Probable: a model asked for this tool, no answer was seen, and it was learned how long that takes.
    Everything else is suspected: a span may have been lost.
    """
    limit = silence.limit
    is_named = silence.work.evidence == "call" and silence.work.waits_for
    learned = limit.learned and not limit.older_version and limit.key_level != "kind"
    return "probable" if is_named and learned else "suspected"


def _who(work: OpenWork) -> str:
    return plain(work.agent or work.service or "an unnamed agent")


def _what(silence: Silence) -> str:
    work, silent = silence.work, duration(silence.silent_s)
    if work.evidence == "call":
        asked = plain(work.waits_for) or "a tool"
        return f"{_who(work)}'s call {asked} has not returned, and its trace has been silent for {silent}"
    if work.evidence == "handoff":
        return f"{_who(work)} handed over to {plain(work.waits_for)}, of which nothing came for {silent}"
    if work.evidence == "model":
        return (
            f"{_who(work)} got what it asked for, and {plain(work.waits_for)} has said nothing for {silent}"
        )
    return f"A trace stopped in the middle of {_who(work)}'s work: it has been silent for {silent}"


def _compared(silence: Silence) -> str:
    limit = silence.limit
    if limit.usual_s is None or limit.q99_s is None:
        return f"what is usual is unlearned (n = {limit.samples:,}), the limit is {duration(limit.limit_s)}"
    such = {"agent": "such calls", "tool": "such calls of any agent"}.get(
        limit.key_level, f"all {silence.compared.kind} spans"
    )
    return (
        f"half of {such} take {duration(limit.usual_s)}, 99 % under {duration(limit.q99_s)}"
        f" (n = {limit.samples:,})"
    )


def _advice(silence: Silence) -> str:
    work = silence.work
    where = f" of {plain(work.service)}" if work.service else ""
    look = f"Look at {plain(work.waits_for) or _who(work)}{where}, and whether its process still runs."
    waiting = [one for one in silence.trace.work if one is not work and one.evidence != "parent"]
    behind = (
        f" Waiting behind it: {', '.join(dict.fromkeys(_who(one) for one in waiting))}." if waiting else ""
    )
    return f"{look}{behind} doldrums-client would report what is open, and since when."


def _evidence(silence: Silence) -> Mapping[str, Any]:
    trace, limit = silence.trace, silence.limit
    return {
        "inferred": True,
        "silent_s": round(silence.silent_s, 3),
        "limit_s": round(limit.limit_s, 3),
        "rule": (
            f"nothing of the trace has arrived for {duration(silence.silent_s)} >"
            f" {duration(limit.limit_s)}, and its root has not ended"
        ),
        "baseline": baseline_evidence(limit, silence.compared, silence.silent_s),
        "waits_for": _told(silence.work),
        "open_work": [_told(work) for work in trace.work[:NAMED_MAX]],
        "open_work_count": len(trace.work),
        "trace": {
            "name": plain(trace.name),
            "spans": trace.spans,
            "missing_parents": trace.missing_parents,
            "last_heard": rfc3339(trace.heard_ns),
        },
        "service_traces_finished": silence.finished,
        "false_positive_note": _doubt(silence),
    }


def _told(work: OpenWork) -> dict[str, Any]:
    return {
        "evidence": work.evidence,
        "agent": plain(work.agent) or None,
        "waits_for": plain(work.waits_for) or None,
        "target_agent": plain(work.target) or None,
        "asked_by_span": work.asked_by,
        "inside_missing_span": work.run_id,
        "since": rfc3339(work.since_ns),
    }


def _doubt(silence: Silence) -> str:
    if silence.work.evidence == "parent":
        others = count(silence.finished, "other trace")
        return f"Only its root is missing, which may have been lost: {others} ended."
    if not silence.limit.learned:
        return (
            "The limit is a default: such work may simply take this long. Or its spans were lost on the way."
        )
    return "It is inferred from spans that ended: those that are missing may have been lost on the way."
