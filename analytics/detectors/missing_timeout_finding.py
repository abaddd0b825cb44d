"""What is said of waits that nothing is seen to end. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from analytics.baselines.baseline import WINDOW
from analytics.detectors.wording import count, duration, plain
from analytics.findings.finding import Finding
from analytics.fingerprint import fingerprint

DETECTOR = "missing_timeout"
_WHAT = {"llm": "the model", "lock": "the lock", "human": "a person,"}


@dataclass(frozen=True, slots=True)
class Wait:
    """One wait: how long it lasted, or was seen to last if it is open."""

    seconds: float
    is_open: bool
    start_ns: int
    trace_id: str
    span_id: str


@dataclass(frozen=True, slots=True)
class Waits:
    """Waits of an agent for one thing.

    Parameters
    ----------
    what
        A kind of span, or the reason of a wait: agent, lock, human, external.
    version
        The agent's newest; `still_open` and `longest` are its own, the other numbers those of all versions.
    with_timeout, timed_out
        How many said when they give up, and how many ended so.
    usual_n, q50_s, q99_s
        Of the version with most waits: ended ones, their median and 99 % duration.
    tenth_s
        The tenth longest of what ended.
    round_timeout_s
        The timeout at which the longest heap; None where they do not.
    """

    project: str
    agent: str
    what: str
    target: str
    kind: str
    version: str
    ended: int
    still_open: int
    with_timeout: int
    timed_out: int
    usual_n: int
    q50_s: float
    q99_s: float
    tenth_s: float
    round_timeout_s: float | None
    longest: Wait
    one_in: int

    @property
    def bounded(self) -> bool:
        """Whether anything says that a timeout ends them."""
        return bool(self.with_timeout or self.timed_out or self.round_timeout_s)


def missing_timeout_finding(waits: Waits) -> Finding:
    """Return the finding of waits that nothing ends."""
    longest = waits.longest
    return Finding(
        project=waits.project,
        detector=DETECTOR,
        fingerprint=fingerprint(waits.agent, waits.what, waits.target),
        severity="S3" if longest.is_open else "S4",
        grade="probable",
        title=_title(waits),
        advice=(
            f"Set a timeout on this wait, a few times {duration(waits.q99_s)}, and say what happens then;"
            " docs/waits.md tells how a span says it."
        ),
        since=datetime.fromtimestamp(longest.start_ns / 1e9, UTC),
        agents=[plain(waits.agent)],
        trace_ids=[longest.trace_id],
        span_ids=[longest.span_id],
        evidence=_evidence(waits),
        certain=True,
    )


def _title(waits: Waits) -> str:
    thing = f"{_WHAT[waits.what]} {plain(waits.target)}" if waits.what in _WHAT else plain(waits.target)
    longest = duration(waits.longest.seconds)
    lasted = f"one is open and was so for {longest}" if waits.longest.is_open else f"one took {longest}"
    return (
        f"{plain(waits.agent)} waits for {thing} without a timeout that shows: {lasted},"
        f" half take {duration(waits.q50_s)}, and 0 of {count(waits.ended, 'wait')} ended by a timeout"
    )


def _evidence(waits: Waits) -> Mapping[str, Any]:
    longest = waits.longest
    return {
        "rule": (
            "no timeout said, none that ended a wait, no heap of durations at a round number; and a wait"
            " longer than 10 x q99 (n >= 99) and 10 x the tenth longest,"
            " or open for longer than 30 medians and 3 x q99 (n >= 20)"
        ),
        "waits_for": {"what": plain(waits.what), "target": plain(waits.target)},
        "longest_wait_s": round(longest.seconds, 3),
        "longest_is_open": longest.is_open,
        "ended_by_timeout": waits.timed_out,
        "with_timeout": waits.with_timeout,
        "n": waits.ended,
        "open": waits.still_open,
        "usual": {
            "n": waits.usual_n,
            "q50_s": round(waits.q50_s, 3),
            "q99_s": round(waits.q99_s, 3),
            "tenth_longest_s": round(waits.tenth_s, 3),
        },
        "newest_version": plain(waits.version) or None,
        "window_days": WINDOW.days,
        "one_trace_read_in": waits.one_in,
        "false_positive_note": (
            f"There may be a timeout longer than {duration(longest.seconds)}, or one that no span says."
        ),
    }
