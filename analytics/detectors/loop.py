"""Loop: the same steps over and over, and the same comes of them. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from analytics.detectors.act import Step, acts_by_owner
from analytics.detectors.detector import CHANGED_EVERY_S, Limits, Outcome, Row, Window
from analytics.detectors.loop_finding import DETECTOR, fingerprint_of, loop_finding
from analytics.detectors.loop_grade import grade_of, habits_of, is_usual
from analytics.detectors.loop_run import CYCLES_MIN, LoopRun, loop_runs
from analytics.detectors.pace import LIMITED, WAIT
from analytics.findings.finding import Finding, Resolution
from analytics.findings.judgement import Key
from collector.store.statement import statement

# What one look reads at most, projects in turns, and of one trace the newest; a loop is at its end.
ROWS_MAX = 200_000
SPANS_MAX = 5_000
# Loops that are told of one trace: the longest.
FINDINGS_MAX = 5


class Loop:
    """An agent, or several in turn, repeat the same steps with the same input and the same outcome.

    A cycle of one step is the identical call, one of several agents the ping-pong. Each who acts is looked
    at alone. Polling, batches, pagination, votes side by side, retries and what is repeated after some
    other step are none.

    References
    ----------
    `docs/detectors.md`, section ``loop``.
    """

    name = DETECTOR
    every_s = CHANGED_EVERY_S
    sql = statement(__package__, "loop.sql")

    def parameters(self, window: Window) -> Mapping[str, object]:
        """Return the parameters of `sql` for one look."""
        return {
            "changed_version": window.changed_version,
            "watched": sorted({fingerprint[:32] + project for project, fingerprint in window.watched}),
            "times_min": CYCLES_MIN,
            "limited": LIMITED,
            "wait": WAIT,
            "spans_max": SPANS_MAX,
            "rows_max": ROWS_MAX,
        }

    def detect(self, rows: Sequence[Row], window: Window, limits: Limits) -> Outcome:
        """Tell of what repeats in each trace."""
        findings: list[Finding] = []
        resolutions: dict[Key, Resolution] = {}
        for _, some in groupby(rows, key=lambda row: (row["project"], row["trace_id"])):
            steps = sorted((Step(**row) for row in some), key=lambda step: step.start_ns)
            has_ended = _has_ended(steps)
            for run, finding in _told(steps, limits, has_ended=has_ended):
                findings.append(finding)
                key = (finding.project, finding.fingerprint)
                if key in window.watched and (has_ended or not run.is_last):
                    resolutions[key] = _over(run, has_ended=has_ended)
        left_out = rows[0]["left_out_version"] if rows else 0
        return Outcome(findings, resolutions, partial=left_out > 0, left_out_version=left_out)


def _told(steps: Sequence[Step], limits: Limits, *, has_ended: bool) -> Iterator[tuple[LoopRun, Finding]]:
    longest: dict[str, LoopRun] = {}
    models = [step for step in steps if step.kind == "llm"]
    for acts in acts_by_owner(steps):
        for run in loop_runs(acts, models):
            known = longest.get(fingerprint_of(run))
            if grade_of(run) and (known is None or known.repeats <= run.repeats):
                longest[fingerprint_of(run)] = run
    runs = sorted(longest.values(), key=lambda run: -len(run.acts))
    for run in runs[:FINDINGS_MAX]:
        grade, habits = grade_of(run), habits_of(run, limits)
        if grade and not is_usual(run, habits):
            running = run.is_last and not has_ended
            yield run, loop_finding(run, grade, steps, habits, running=running)


def _has_ended(steps: Sequence[Step]) -> bool:
    """Whether the root has ended and nothing else of the trace is open."""
    return any(not step.parent_span_id for step in steps) and all(step.end_ns for step in steps)


def _over(run: LoopRun, *, has_ended: bool) -> Resolution:
    times = f"after {run.repeats:,} times"
    return Resolution(
        "ended", f"The trace ended {times}." if has_ended else f"It did something else {times}."
    )
