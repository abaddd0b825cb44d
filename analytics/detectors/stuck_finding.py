"""What is said of a stuck span: the finding, its grade and its evidence. Pure."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime

from analytics.detectors.open_row import OpenRow
from analytics.detectors.stuck_evidence import NAMED_MAX, stuck_evidence
from analytics.detectors.verdict import LEAF_KINDS, Verdict
from analytics.detectors.wording import count, duration, plain
from analytics.findings.finding import Finding, Grade

DETECTOR = "stuck_span"
# Tools by which somebody is asked, who may be a person.
_ASKS = re.compile(
    r"(?i)^(?:ask|consult|confirm|request|approve|review)(?:[_ -]|$)|human|person|approval|manual"
)


def stuck_finding(verdict: Verdict, above: Sequence[Verdict], lost_below: Verdict | None = None) -> Finding:
    """Return the finding of a span that is stuck.

    Parameters
    ----------
    above
        Open ancestors, nearest first: they wait for it and have no findings of their own.
    lost_below
        An open descendant whose heartbeats ceased, if there is one: it will hardly answer.
    """
    row, grade = verdict.row, grade_of(verdict)
    named = above[:NAMED_MAX]
    return Finding(
        project=row.project,
        detector=DETECTOR,
        fingerprint=row.fingerprint,
        severity="S3" if grade == "suspected" else "S2",
        grade=grade,
        title=f"{_what(verdict)}; {_compared(verdict)}",
        advice=_advice(verdict, named, lost_below),
        since=datetime.fromtimestamp(row.progressed_ns / 1e9, UTC),
        agents=_agents([verdict, *named]),
        trace_ids=[row.trace_id],
        span_ids=[row.span_id, *(victim.row.span_id for victim in named)],
        evidence=stuck_evidence(verdict, above, lost_below),
    )


def grade_of(verdict: Verdict) -> Grade:
    """Return how sure it is that the span is stuck.

    Confirmed: its process says now that it is still open, and the same agent has been seen to do
    the same often enough. Probable: the source sends no heartbeats, so the process may have died;
    or the limit is that of other agents' calls of the tool, or of other tools. Suspected: the limit
    was not learned from this version, or from nothing that shares a tool with it, or not at all, or
    its name says that somebody is asked: that may be a person.
    """
    limit, row = verdict.limit, verdict.row
    if not limit.learned or limit.older_version or limit.is_of_others(row.work):
        return "suspected"
    if row.beats and not verdict.beating:
        return "suspected"
    # whoever asks somebody by a tool may wait for a person, and not say so
    if row.kind == "tool" and _ASKS.search(row.tool[:200]):
        return "suspected"
    return "confirmed" if verdict.beating and limit.key_level == "agent" else "probable"


def label(row: OpenRow) -> str:
    """Return what a span does, as a person would name it."""
    return plain(row.tool or (row.model if row.kind == "llm" else "") or row.name or row.kind)


def _who(row: OpenRow) -> str:
    return plain(row.agent or row.service or "an unnamed agent")


def _what(verdict: Verdict) -> str:
    row = verdict.row
    if row.kind in LEAF_KINDS:
        word = "for" if row.kind in ("llm", "wait") else "in"
        what = plain(row.waiting_on) if row.kind == "wait" and row.waiting_on else label(row)
        return f"{_who(row)} has been waiting {duration(verdict.age_s)} {word} {what}{_done(verdict)}"
    return (
        f"{_who(row)} has made no progress for {duration(verdict.quiet_s)}"
        f" in {label(row)}, open for {duration(verdict.age_s)}"
    )


def _done(verdict: Verdict) -> str:
    ago_s = verdict.answered_s_ago
    return "" if ago_s is None else f", whose run ended {duration(ago_s)} ago"


def _compared(verdict: Verdict) -> str:
    limit, row = verdict.limit, verdict.row
    things = "calls" if row.kind in LEAF_KINDS else "runs"
    if limit.usual_s is None or limit.q99_s is None:
        return (
            f"its limit of {duration(limit.limit_s)} is unlearned:"
            f" too few such {things} have ended to know what is usual (n = {limit.samples:,})"
        )
    such = {
        "agent": f"such {things}",
        "tool": f"such {things} of any agent"
        if row.tool
        else f"{_operation(row)} {things} of any agent and model",
        "kind": f"all {plain(row.kind)} spans",
    }[limit.key_level]
    at_version = " at its earlier versions" if limit.older_version else ""
    return (
        f"half of {such}{at_version} take {duration(limit.usual_s)},"
        f" 99 % under {duration(limit.q99_s)} (n = {limit.samples:,})"
    )


def _operation(row: OpenRow) -> str:
    return plain(row.operation or row.kind)


def _advice(verdict: Verdict, above: Sequence[Verdict], lost_below: Verdict | None) -> str:
    row = verdict.row
    where = f" of {plain(row.service)}" if row.service else ""
    waits_for = row.waiting_on or (label(lost_below.row) if lost_below else "")
    sentences = [
        f"Look at {label(row)}{where}" + (f": it waits for {plain(waits_for)}." if waits_for else ".")
    ]
    if row.answered_ns:
        sentences.append(f"{plain(row.waiting_on)} is done: its reply was lost, or it never sent one.")
    if lost_below:
        sentences.append(
            f"{_who(lost_below.row)} below it has sent nothing for {duration(lost_below.unseen_s)}."
        )
    if above:
        waiting = ", ".join(_agents(above)) or label(above[0].row)
        sentences.append(f"Waiting behind it: {count(len(above), 'open span')} ({waiting}).")
    sentences.append("Cancel it or let it answer; a timeout on this wait would have ended it.")
    return " ".join(sentences)


def _agents(verdicts: Sequence[Verdict]) -> list[str]:
    return list(dict.fromkeys(plain(verdict.row.agent) for verdict in verdicts if verdict.row.agent))
