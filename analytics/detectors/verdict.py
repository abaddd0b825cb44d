"""Verdict: how one open span does. Pure."""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from analytics.baselines.limit import Limit
from analytics.detectors.open_row import OpenRow
from analytics.detectors.source import Source
from analytics.open_reports import HEARTBEATS_MISSED
from analytics.waits.open_span import PATIENT_REASONS

Word = Literal["working", "slow", "stuck", "waiting", "lost"]
Nanoseconds = NDArray[np.int64]
NO_SOURCES: AbstractSet[Source] = frozenset()

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


def judge(
    rows: Sequence[OpenRow],
    limits: Sequence[Limit],
    at_ns: int | Nanoseconds,
    beating: AbstractSet[Source] = NO_SOURCES,
) -> list[Verdict]:
    """Judge each span by itself, as if nothing were below it; in columns, for a look judges 200,000.

    What a living process reports again and again while it is open, and reports no more, is over, and its end
    was lost on the way. What one reported once and died with is as far as it got.

    Parameters
    ----------
    limits
        How long each may stay open.
    at_ns
        Unix nanoseconds as of which they are judged: of all, or of each.
    beating
        Processes that send heartbeats, of some of their spans at least.

    Examples are the cases of `tests/analytics/detectors/test_stuck_span.py`.
    """
    age_s = _passed_s(at_ns, [row.opened_ns for row in rows])
    quiet_s = _passed_s(at_ns, [row.progressed_ns for row in rows])
    unseen_s = _passed_s(at_ns, [row.last_seen_ns for row in rows])
    missed_s = HEARTBEATS_MISSED * np.array([row.heartbeat_s for row in rows], np.float64)
    is_leaf = np.array([row.kind in LEAF_KINDS for row in rows], np.bool_)
    silence_s = np.where(is_leaf, missed_s, np.maximum(missed_s, INNER_GAP_S))
    limit_s = np.array([limit.limit_s for limit in limits], np.float64)
    usual_s = np.array([limit.q99_s or limit.limit_s for limit in limits], np.float64)
    is_heard = _passed_s(at_ns, [row.source_seen_ns for row in rows]) <= missed_s
    words = np.full(len(rows), "working", object)
    words[age_s > usual_s] = "slow"
    words[(age_s > limit_s) & (quiet_s > silence_s)] = "stuck"
    for number in np.flatnonzero(unseen_s > missed_s).tolist():
        if rows[number].beats or (is_heard[number] and rows[number].source in beating):
            words[number] = "lost"
    words[np.array([row.wait_reason in PATIENT_REASONS for row in rows], np.bool_)] = "waiting"
    columns = [column.tolist() for column in (words, age_s, quiet_s, unseen_s, silence_s)]
    return list(map(Verdict, rows, limits, columns[0], [row.waiting_on for row in rows], *columns[1:]))


def _passed_s(at_ns: int | Nanoseconds, since_ns: Sequence[int]) -> NDArray[np.float64]:
    return np.maximum(0, at_ns - np.array(since_ns, np.int64)) / 1e9
