"""RetryStorm: what is called again so often that the attempts themselves are the load. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import groupby
from typing import Any

from analytics.baselines.habit import Habit
from analytics.detectors.detector import Limits, Outcome, Row, Window
from analytics.detectors.pace import LIMITED, PAUSE_S_MIN, WAIT
from analytics.detectors.wording import duration, plain
from analytics.findings.finding import Finding, Grade, Resolution
from analytics.findings.judgement import Key
from analytics.rfc3339 import unix_ns
from collector.store.statement import statement

DETECTOR = "retry_storm"
# Retries to first attempts: Finagle's budget is 20 %, SRE's 10 %, and Envoy calls under 1 % healthy
# (`reference/detectors.md` 3.7).
RATIO_MAX = 0.20
# Where more is usual, it takes three times what 99 % of the minutes do not exceed. Over at half of the limit.
USUAL_TIMES, OVER_SHARE = 3.0, 0.5
ATTEMPTS_MIN = 50
MINUTES = 2
# Each look reads both minutes, however little changed: not as often as those of traces that changed.
MINUTE_S = 60.0
# What ended is exported up to 5 s later, and then loaded and assembled.
DELAY = timedelta(seconds=10)
# Versions are of our clock, starts of the clients': what a clock that is ahead says was written earlier.
_CLOCKS_OFF_MAX = timedelta(hours=1)
ROWS_MAX = 2_000
# Of the pauses before third and later attempts, so many more have grown by half than shrunk: back-off, with
# jitter too (doubled pauses with full jitter: 62 % grow so, 17 % shrink). By chance as many grow as shrink.
PACED_SHARE = 0.25


@dataclass(frozen=True, slots=True)
class Minute:
    """One row of `retry_storm.sql`: attempts of one tool or model that began in one minute, 0 the newest.

    Parameters
    ----------
    retries, honoured
        Attempts made again; and those that waited as a limit of rate asked, which are not among them.
    hasty
        Retries that did not wait, though a limit of rate had refused the attempt before.
    asked_s
        The wait that those refusals asked for, at the median; 0 where none did.
    """

    project: str
    kind: str
    called: str
    minutes_ago: int
    attempts: int
    retries: int
    honoured: int
    hasty: int
    errors: int
    calls_retried: int
    error_types: Sequence[str]
    agents: Sequence[str]
    trace_ids: Sequence[str]
    gap_s: float
    asked_s: float
    gap_pairs: int
    gap_pairs_growing: int
    gap_pairs_shrinking: int

    @property
    def key(self) -> Key:
        """The project, and what is called: the same storm as long as it lasts."""
        return self.project, f"{self.kind}:{self.called}"

    @property
    def ratio(self) -> float:
        """Retries to first attempts."""
        return self.retries / max(1, self.attempts - self.retries - self.honoured)

    @property
    def is_paced(self) -> bool:
        """Whether the pauses grow from attempt to attempt."""
        growing = self.gap_pairs_growing - self.gap_pairs_shrinking
        return self.gap_pairs > 0 and growing >= PACED_SHARE * self.gap_pairs


class RetryStorm:
    """In each of two minutes more than a fifth of the calls of a tool or a model are made again.

    Attempts side by side, few calls, and a limit of rate that is honoured are none.

    References
    ----------
    `docs/detectors.md`, section ``retry_storm``.
    """

    name = DETECTOR
    every_s = MINUTE_S
    sql = statement(__package__, "retry_storm.sql")

    def parameters(self, window: Window) -> Mapping[str, object]:
        """Return the parameters of `sql` for one look."""
        until = window.now - DELAY
        return {
            "until_ns": unix_ns(until),
            "minutes": MINUTES,
            "limited": LIMITED,
            "wait": WAIT,
            "pause_s": PAUSE_S_MIN,
            "since_version": unix_ns(until - timedelta(minutes=MINUTES) - _CLOCKS_OFF_MAX) // 1_000,
            "watched": sorted(f"{project}/{fingerprint}" for project, fingerprint in window.watched),
            "rows_max": ROWS_MAX,
        }

    def detect(self, rows: Sequence[Row], window: Window, limits: Limits) -> Outcome:
        """Judge the minutes of each tool and model."""
        findings: list[Finding] = []
        resolutions: dict[Key, Resolution] = {}
        for key, some in groupby((Minute(**row) for row in rows), key=lambda minute: minute.key):
            minutes = list(some)
            is_known = key in window.watched
            budget = _budget(limits.habit(key[0], "retries", key[1]))
            if _is_storm(
                minutes, *((OVER_SHARE * budget.ratio, 1) if is_known else (budget.ratio, ATTEMPTS_MIN))
            ):
                findings.append(_finding(minutes, budget, window.now))
            elif is_known:
                share = minutes[0].retries / max(1, minutes[0].attempts)
                resolutions[key] = Resolution(
                    "progressed", f"{share:.0%} of the calls in the last minute were repeats of failed ones."
                )
        return Outcome(findings, resolutions, partial=len(rows) >= ROWS_MAX)


@dataclass(frozen=True, slots=True)
class Budget:
    """Retries to first attempts that are granted, and what is usual, None where too few minutes are known."""

    ratio: float
    habit: Habit | None

    @property
    def baseline(self) -> str:
        """What it rests on, as a person reads it."""
        if self.habit is None:
            return "unlearned: the ratio is a default"
        return f"99 % of the minutes have {self.habit.q99:.0%} or less (n = {self.habit.n:,})"


def _budget(habit: Habit | None) -> Budget:
    return Budget(max(RATIO_MAX, USUAL_TIMES * habit.q99) if habit else RATIO_MAX, habit)


def _is_storm(minutes: Sequence[Minute], ratio: float, attempts_min: int) -> bool:
    """Whether it goes on in every minute that is looked at."""
    return len(minutes) == MINUTES and all(
        minute.attempts >= attempts_min and minute.ratio > ratio for minute in minutes
    )


def _finding(minutes: Sequence[Minute], budget: Budget, now: datetime) -> Finding:
    newest = minutes[0]
    is_paced = all(minute.is_paced for minute in minutes)
    grade: Grade = "suspected" if is_paced else "confirmed"
    return Finding(
        project=newest.project,
        detector=DETECTOR,
        fingerprint=newest.key[1],
        severity="S3" if is_paced else "S2",
        grade=grade,
        title=_title(newest, is_paced=is_paced),
        advice=_advice(newest, is_paced=is_paced),
        since=(now - DELAY - timedelta(minutes=MINUTES)).astimezone(UTC),
        agents=[plain(agent) for agent in newest.agents if agent],
        trace_ids=list(newest.trace_ids),
        span_ids=[],
        evidence=_evidence(minutes, budget, is_paced=is_paced),
        # it went on for two minutes: no second look is needed
        certain=True,
    )


def _title(minute: Minute, *, is_paced: bool) -> str:
    errors = ", ".join(plain(name) for name in minute.error_types) or "errors"
    pace = "with back-off" if is_paced else f"{duration(minute.gap_s)} after each failure"
    if minute.asked_s and not is_paced:
        pace += f", which asks to wait {duration(minute.asked_s)}"
    return (
        f"{plain(minute.called) or 'A model'} was called {minute.attempts:,} times in a minute,"
        f" {minute.retries:,} of them again after {errors}, {pace}"
    )


def _advice(minute: Minute, *, is_paced: bool) -> str:
    who = ", ".join(plain(agent) for agent in minute.agents if agent) or "its callers"
    pace = (
        "" if is_paced else " Let attempts wait longer each time, and bound them by a budget of 10 to 20 %."
    )
    return f"Look at why {plain(minute.called) or 'the model'} fails; it is called again by {who}.{pace}"


def _evidence(minutes: Sequence[Minute], budget: Budget, *, is_paced: bool) -> Mapping[str, Any]:
    return {
        "rule": (
            f"retries / first attempts > {budget.ratio:.0%}, >= {ATTEMPTS_MIN} attempts, {MINUTES} minutes"
        ),
        "baseline": budget.baseline,
        "minutes": [
            {
                "minutes_ago": minute.minutes_ago,
                "attempts": minute.attempts,
                "retries": minute.retries,
                "waited_as_asked": minute.honoured,
                "soon_after_rate_limit": minute.hasty,
                "ratio": round(minute.ratio, 3),
                "errors": minute.errors,
                "calls_retried": minute.calls_retried,
                "gap_s": round(minute.gap_s, 3),
                "asked_to_wait_s": round(minute.asked_s, 3),
                "gap_pairs": minute.gap_pairs,
                "gap_pairs_growing": minute.gap_pairs_growing,
                "gap_pairs_shrinking": minute.gap_pairs_shrinking,
            }
            for minute in minutes
        ],
        "error_types": [plain(name) for name in minutes[0].error_types],
        "back_off": is_paced,
        "false_positive_note": "A test of failures, or a target that is down and whose callers retry as"
        " agreed, looks the same; calls whose input is not captured are not counted as retries.",
    }
