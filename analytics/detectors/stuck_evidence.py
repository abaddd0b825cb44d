"""The evidence that a span is stuck: numbers a person can check. Pure."""

from collections.abc import Mapping, Sequence
from typing import Any

from analytics.baselines.baseline import WINDOW
from analytics.baselines.learned_limits import LIMIT_S_MIN, MULTIPLIER
from analytics.baselines.limit import Limit, default_limit_s
from analytics.baselines.work import Work
from analytics.detectors.open_row import OpenRow
from analytics.detectors.verdict import Verdict
from analytics.detectors.wording import duration, plain

# A wait for an agent that is done has nobody to wait for: its reply is lost, or it waits for another run
# that nobody sees coming. For so long after that, where nothing is learned of its like, as for a tool's.
REPLY_LIMIT_S = default_limit_s("tool")
# Ancestors named in one finding; the evidence says how many there are.
NAMED_MAX = 20
_NEXT_RUN = "It may wait for another run of that agent, which has not begun yet."


def stuck_evidence(
    verdict: Verdict, above: Sequence[Verdict], lost_below: Verdict | None
) -> Mapping[str, Any]:
    """Return the evidence of a stuck span; JSON values, durations in seconds."""
    row, limit = verdict.row, verdict.limit
    return {
        "age_s": round(verdict.age_s, 3),
        "no_progress_s": round(verdict.quiet_s, 3),
        "limit_s": round(limit.limit_s, 3),
        "rule": _rule(verdict),
        "baseline": baseline_evidence(limit, row.work, verdict.age_s),
        "span": {
            name: plain(getattr(row, name))
            for name in ("name", "kind", "agent", "operation", "tool", "model")
        },
        "source": {
            "service": plain(row.service),
            "service_instance": plain(row.service_instance),
            "heartbeats": row.heartbeats,
            "heartbeat_s": round(row.heartbeat_s, 1) if row.beats else None,
            "last_seen_s_ago": round(verdict.unseen_s, 3),
            "silent": row.source_is_silent,
        },
        "waiting_on": plain(row.waiting_on) or None,
        "awaited_run_ended_s_ago": verdict.answered_s_ago,
        "waiting_above": [_victim(victim) for victim in above[:NAMED_MAX]],
        "waiting_above_count": len(above),
        "lost_below": _victim(lost_below) if lost_below else None,
        "clock_off_s": round((row.start_ns - row.opened_ns) / 1e9, 3),
        "false_positive_note": _NEXT_RUN if row.answered_ns else _doubt(verdict),
    }


def _rule(verdict: Verdict) -> str:
    return (
        f"age {duration(verdict.age_s)} > {duration(verdict.limit.limit_s)}"
        f" ({_source(verdict.limit, verdict.row)}),"
        f" and no progress for {duration(verdict.quiet_s)} > {duration(verdict.silence_s)}"
    )


def _source(limit: Limit, row: OpenRow) -> str:
    if row.answered_ns and (not limit.learned or limit.is_of_others(row.work)):
        return "the default of a wait for an agent that is done, or more where waits took longer"
    if limit.q99_s is None:
        least_s, source = default_limit_s(row.kind), f"unlearned, the default of {plain(row.kind)}"
    else:
        least_s = max(LIMIT_S_MIN, MULTIPLIER * limit.q99_s)
        source = f"max({LIMIT_S_MIN:g} s, {MULTIPLIER:g} x q99 {duration(limit.q99_s)})"
    return source if limit.limit_s <= least_s else f"{source}, raised because others say little of it"


def baseline_evidence(limit: Limit, work: Work, age_s: float) -> dict[str, Any]:
    """Return what a limit was learned from, and how rare an age is by it."""
    return {
        "level": limit.key_level,
        "key": dict(zip(work._fields, map(plain, work), strict=True)),
        "window_days": WINDOW.days,
        "learned": limit.learned,
        "older_version": limit.older_version,
        "n": limit.samples,
        "censored": limit.censored,
        "q50_s": limit.usual_s,
        "q95_s": limit.p95_s,
        "q99_s": limit.q99_s,
        "loss_rate": limit.loss_rate,
        "longest_of_its_own_s": limit.longest_s,
        "surprise": round(limit.curve.surprise(age_s), 2) if limit.curve else None,
    }


def _victim(verdict: Verdict) -> dict[str, Any]:
    row = verdict.row
    return {
        "span_id": row.span_id,
        "name": plain(row.name),
        "kind": plain(row.kind),
        "agent": plain(row.agent) or None,
        "age_s": round(verdict.age_s, 3),
    }


def _doubt(verdict: Verdict) -> str:
    row, limit = verdict.row, verdict.limit
    if not limit.learned:
        return "The limit is unlearned, a default: such work may simply take this long."
    if limit.older_version:
        return "The limit comes from earlier versions: this version may be slower."
    if row.beats and not verdict.beating:
        return "Its process still reports, but no longer this span: its end may have been lost on the way."
    if limit.key_level != "agent":
        return f"The limit comes from {_others(verdict)}: this work may take longer than the others."
    if not row.beats:
        return "Its source sends no heartbeats: the process may have died, or the work may go on unseen."
    return "In heavy-tailed work a few spans in 10,000 last this long and still end by themselves."


def _others(verdict: Verdict) -> str:
    if verdict.limit.key_level == "kind":
        return "all spans of the kind"
    return "calls of the tool by other agents" if verdict.row.tool else "other agents and models"
