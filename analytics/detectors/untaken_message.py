"""UntakenMessage: messages that nobody took, of topics whose messages are taken. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from analytics.detectors.detector import Limits, Outcome, Row, Window
from analytics.detectors.source import Source, is_of_any
from analytics.detectors.wording import count, duration, plain
from analytics.findings.finding import Finding, Resolution
from analytics.findings.judgement import Key
from analytics.rfc3339 import unix_ns
from collector.store.statement import statement

DETECTOR = "untaken_message"
# Each look reads hours of spans, however little changed.
LOOK_S = 60.0
WINDOW = timedelta(hours=2)
# Of the messages before the last one that was taken: else takers are sampled, lost, or do not all send spans.
TAKEN_MIN, SHARE_MIN = 50, 0.98
# A finding that is open is not dropped for a few more.
SHARE_OVER = 0.9
# As of spans: three times what 99 % take; as of silent traces: a minute at least.
MULTIPLIER, OVERDUE_S_MIN = 3.0, 60.0
# Of each project, and of all of them; sends and takes.
MESSAGES_MAX, ALL_MESSAGES_MAX = 100_000, 400_000
TOPICS_MAX = 50


@dataclass(frozen=True, slots=True)
class Topic:
    """One row of `untaken_message.sql`: what became of the messages that were sent to one topic.

    Parameters
    ----------
    before
        Sent before the last one that was taken, and taken or due.
    overdue
        Not taken, and due.
    since_ns
        When the first of these was sent, Unix nanoseconds.
    places
        Trace and span of some of them.
    """

    project: str
    topic: str
    taken: int
    before: int
    taken_q99_s: float
    overdue: int
    since_ns: int
    agents: Sequence[str]
    senders: Sequence[str]
    takers: Sequence[str]
    places: Sequence[Sequence[str]]

    @property
    def key(self) -> Key:
        """The project, and the topic: the same trouble as long as it lasts."""
        return self.project, f"topic:{self.topic}"

    @property
    def share(self) -> float:
        """Of the messages before the last one that was taken, how many were."""
        return self.taken / max(1, self.before)


class UntakenMessage:
    """A message was sent, and no span that takes it arrived, though nearly all of its topic are seen taken.

    By spans that ended alone, so it is inferred: the taker may work and its span be lost.

    References
    ----------
    `docs/detectors.md`, section ``untaken_message``.
    """

    name = DETECTOR
    every_s = LOOK_S
    sql = statement(__package__, "untaken_message.sql")

    def parameters(self, window: Window) -> Mapping[str, object]:
        """Return the parameters of `sql` for one look."""
        return {
            "until_ns": unix_ns(window.now),
            "window_s": int(WINDOW.total_seconds()),
            "overdue_s_min": OVERDUE_S_MIN,
            "multiplier": MULTIPLIER,
            "taken_min": TAKEN_MIN,
            "watched": sorted(f"{project}/{fingerprint}" for project, fingerprint in window.watched),
            "messages_max": MESSAGES_MAX,
            "all_messages_max": ALL_MESSAGES_MAX,
            "topics_max": TOPICS_MAX,
        }

    def detect(self, rows: Sequence[Row], window: Window, _limits: Limits) -> Outcome:
        """Judge the topics by what is usual of them."""
        topics = [Topic(**row) for row in rows]
        return Outcome(
            findings=[_finding(topic, window.now) for topic in topics if _is_told(topic, window)],
            resolutions={topic.key: _OVER for topic in topics if topic.key in window.watched},
        )


_OVER = Resolution(
    "progressed", "Its messages are seen to be taken again; one that was not may be older than two hours."
)


def _is_told(topic: Topic, window: Window) -> bool:
    if topic.key in window.watched:
        return topic.overdue > 0 and topic.share >= SHARE_OVER
    sources = [Source(topic.project, service) for service in (*topic.senders, *topic.takers)]
    if any(is_of_any(source, window.silent) for source in sources):
        return False
    return topic.overdue > 0 and topic.share >= SHARE_MIN


def _finding(topic: Topic, now: datetime) -> Finding:
    age_s = (unix_ns(now) - topic.since_ns) / 1e9
    name, takers = plain(topic.topic), ", ".join(plain(taker) for taker in sorted(topic.takers) if taker)
    was = "was" if topic.overdue == 1 else "were"
    return Finding(
        project=topic.project,
        detector=DETECTOR,
        fingerprint=topic.key[1],
        severity="S3",
        grade="suspected",
        title=(
            f"{count(topic.overdue, 'message')} to {name} {was} taken by nobody that can be seen, the first"
            f" sent {duration(age_s)} ago (inferred); {topic.taken:,} of {topic.before:,} others were,"
            f" 99 % within {duration(topic.taken_q99_s)}"
        ),
        advice=f"Look whether {takers or 'what takes them'} still runs, and into the queue of {name} itself.",
        since=datetime.fromtimestamp(topic.since_ns / 1e9, UTC),
        agents=[plain(agent) for agent in topic.agents],
        trace_ids=list(dict.fromkeys(trace_id for trace_id, _ in topic.places)),
        span_ids=[span_id for _, span_id in topic.places],
        evidence=_evidence(topic, age_s),
    )


def _evidence(topic: Topic, age_s: float) -> Mapping[str, Any]:
    return {
        "inferred": True,
        "topic": plain(topic.topic),
        "overdue": topic.overdue,
        "oldest_s": round(age_s, 3),
        "baseline": {"taken": topic.taken, "of": topic.before, "q99_s": round(topic.taken_q99_s, 3)},
        "rule": (
            f"not taken for max({OVERDUE_S_MIN:g} s, {MULTIPLIER:g} x q99); {SHARE_MIN:.0%} of"
            f" {TAKEN_MIN} or more others were"
        ),
        "senders": [plain(sender) for sender in sorted(topic.senders)],
        "takers": [plain(taker) for taker in sorted(topic.takers)],
        "false_positive_note": (
            "The span that took it may have been lost or left out on the way; the queue itself is not seen."
        ),
    }
