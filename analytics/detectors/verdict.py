"""Verdict: how one open span does. Pure."""

from dataclasses import dataclass
from typing import Literal

from analytics.baselines.limit import Limit
from analytics.detectors.open_row import OpenRow
from analytics.open_reports import HEARTBEATS_MISSED
from analytics.waits.open_span import PATIENT_REASONS

Word = Literal["working", "slow", "stuck", "waiting", "lost"]

# Silence between two children that is usual in what contains others. Not learned yet; the least
# that `reference/detectors.md` 3.2 grants a silent trace.
INNER_GAP_S = 60.0
LEAF_KINDS = frozenset(
    {"llm", "tool", "wait", "retriever", "embedding", "memory", "guardrail", "evaluator", "message_send"}
)


@dataclass(slots=True)
class Verdict:
    """How one open span does.

    Parameters
    ----------
    word
        ``working``; ``slow``: past the 99 % duration of its like; ``stuck``: past its limit
        with no progress, and nothing below it to blame; ``waiting``: for a person, a timer, the
        outside, or something below it that is stuck; ``lost``: it is reported no more.
    waiting_on
        Whom or what it waits for; '' when unknown.
    silence_s
        Time without progress after which it may be stuck.
    """

    row: OpenRow
    limit: Limit
    word: Word
    waiting_on: str
    age_s: float
    quiet_s: float
    unseen_s: float
    silence_s: float

    @property
    def beating(self) -> bool:
        """Whether heartbeats of the span arrive now."""
        return self.row.beats and self.unseen_s <= HEARTBEATS_MISSED * self.row.heartbeat_s

    @property
    def answered_s_ago(self) -> float | None:
        """How long ago the last run of the agent that it waits for ended; None if it may still answer."""
        row = self.row
        return max(0.0, self.age_s - (row.answered_ns - row.opened_ns) / 1e9) if row.answered_ns else None


def judge(row: OpenRow, limit: Limit, now_ns: int, *, source_beats: bool = False) -> Verdict:
    """Judge a span by itself, as if nothing were below it.

    What a living process reports again and again while it is open, and reports no more, is over, and its end
    was lost on the way. What one reported once and died with is as far as it got.

    Parameters
    ----------
    source_beats
        The process that reports it sends heartbeats, of others at least.

    Examples are the cases of `tests/analytics/detectors/test_stuck_span.py`.
    """
    age_s = max(0, now_ns - row.opened_ns) / 1e9
    quiet_s = max(0, now_ns - row.progressed_ns) / 1e9
    unseen_s = max(0, now_ns - row.last_seen_ns) / 1e9
    missed_s = HEARTBEATS_MISSED * row.heartbeat_s
    silence_s = missed_s if row.kind in LEAF_KINDS else max(missed_s, INNER_GAP_S)
    over = source_beats and now_ns - row.source_seen_ns <= missed_s * 1e9
    word: Word = "working"
    if row.wait_reason in PATIENT_REASONS:
        word = "waiting"
    elif (row.beats or over) and unseen_s > missed_s:
        word = "lost"
    elif age_s > limit.limit_s and quiet_s > silence_s:
        word = "stuck"
    elif age_s > (limit.q99_s or limit.limit_s):
        word = "slow"
    return Verdict(row, limit, word, row.waiting_on, age_s, quiet_s, unseen_s, silence_s)
