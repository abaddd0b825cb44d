"""What is said of a loop: the finding and its evidence. Pure."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from analytics.baselines.habit import Habit
from analytics.detectors.act import Act, Step
from analytics.detectors.loop_doubt import Doubt, doubt_of
from analytics.detectors.loop_run import LoopRun, seconds_between
from analytics.detectors.wording import count, duration, plain
from analytics.findings.finding import Finding, Grade

DETECTOR = "loop"
# Names of the steps of a cycle that stand in a sentence.
_NAMED_MAX = 4
_SMALL_ANSWERS: Mapping[Doubt, str] = {
    "not yet": "What came of it says that something is not there yet: it may be polling.",
    "acknowledged": "What came of it says only that it was done: each call may have done something else.",
    "long poll": "Most of the time is spent within the call, and little comes of it: it may wait on purpose.",
}


def fingerprint_of(run: LoopRun) -> str:
    """Return the trace's id and a hash of the cycle, whatever step of it comes first, however often."""
    steps = sorted(
        f"{act.step.kind}\0{act.step.agent}\0{label(act)}\0{act.step.input_hash}" for act in run.cycle
    )
    return run.acts[0].step.trace_id + hashlib.sha256("\1".join(steps).encode()).hexdigest()[:16]


def loop_finding(
    run: LoopRun, grade: Grade, steps: Sequence[Step], habits: Sequence[Habit], *, running: bool
) -> Finding:
    """Return the finding of a repetition.

    Parameters
    ----------
    steps
        All of the trace: what was spent while it went round.
    habits
        How often traces that ended well repeat these calls.
    running
        The trace goes on, and this is the last thing it did.
    """
    first, last = run.cycle, run.last_cycle
    return Finding(
        project=first[0].step.project,
        detector=DETECTOR,
        fingerprint=fingerprint_of(run),
        severity="S2" if running and grade != "suspected" else "S3",
        grade=grade,
        title=_title(run, running=running),
        advice=_advice(run, running=running),
        since=datetime.fromtimestamp(first[0].step.start_ns / 1e9, UTC),
        agents=[plain(agent) for agent in run.agents],
        trace_ids=[first[0].step.trace_id],
        span_ids=list(dict.fromkeys(act.step.span_id for act in (*first, *last))),
        evidence=_evidence(run, steps, habits, running=running),
        # these calls were made, whenever one looks, and a trace that has ended is not looked at again
        certain=True,
    )


def label(act: Act) -> str:
    """Return what an act does, as a person would name it."""
    step = act.step
    if step.is_handoff:
        return f"hand-off to {plain(step.handoff_to) or 'unknown'}"
    return plain(step.tool or step.agent or step.name or step.kind)


def _title(run: LoopRun, *, running: bool) -> str:
    said = f"{_who_did_what(run, running=running)} in {duration(_seconds(run))}"
    work = [act for act in run.cycle if act.is_work]
    if not work or not all(act.step.outcome for act in work):
        return said
    failed = all(act.step.failed for act in work)
    return f"{said}; {'it fails in the same way' if failed else 'the same comes of it'} each time"


def _who_did_what(run: LoopRun, *, running: bool) -> str:
    who = " and ".join(plain(agent) for agent in run.agents[:_NAMED_MAX]) or "An unnamed agent"
    has = ("have " if len(run.agents) > 1 else "has ") if running else ""
    times = f"{run.repeats:,} times in a row"
    if run.period > 1:
        names = [label(act) for act in run.cycle]
        way = " → ".join(names[:_NAMED_MAX]) + (" → …" if len(names) > _NAMED_MAX else "")
        return f"{who} {has}repeated the same {run.period} steps {times} ({way})"
    if run.cycle[0].step.kind == "agent":
        return f"{who} {'has been' if running else 'was'} asked the same {times}"
    arguments = " with the same arguments" if run.same_inputs else ""
    return f"{who} {has}called {label(run.cycle[0])} {times}{arguments}"


def _advice(run: LoopRun, *, running: bool) -> str:
    now = "Cancel the run, or tell it that it already has the answer. " if running else ""
    bound = "a limit of identical calls" if run.period == 1 else "a limit of turns"
    return (
        f"{now}Look at what {label(run.cycle[0])} returned the first time and why it did not suffice;"
        f" {bound} would have ended it."
    )


def _evidence(
    run: LoopRun, steps: Sequence[Step], habits: Sequence[Habit], *, running: bool
) -> Mapping[str, Any]:
    return {
        "place": run.place,
        "period": run.period,
        "repeats": run.repeats,
        "rule": _rule(run),
        "learned": bool(habits),
        "baseline": [{"n": habit.n, "q50": habit.q50, "q995": habit.q995} for habit in habits] or "unlearned",
        "running": running,
        "cycle": [_member(act) for act in run.cycle],
        "first_cycle": [act.step.span_id for act in run.cycle],
        "last_cycle": [act.step.span_id for act in run.last_cycle],
        "seconds_per_cycle": round(seconds_between(run), 3),
        "model_calls_between": run.models_between,
        "idle_s_max": round(max(run.idle_s, default=0.0), 3),
        "wasted": _wasted(run, steps),
        "false_positive_note": _doubt(run),
    }


def _rule(run: LoopRun) -> str:
    least = "4 identical calls" if run.period == 1 else "3 cycles"
    return f"{count(run.repeats, 'time')} in a row, from {least} on; periods of 1 to 6 are looked for"


def _member(act: Act) -> dict[str, Any]:
    step = act.step
    return {
        "kind": plain(step.kind),
        "agent": plain(step.agent) or None,
        "name": label(act),
        "input_known": step.input_hash != 0,
        "outcome": "error" if step.failed else "known" if act.key is not None and step.outcome else "unknown",
        "error_type": plain(step.error_type) or None,
    }


def _wasted(run: LoopRun, steps: Sequence[Step]) -> dict[str, Any]:
    """What was spent after the first cycle, by the agents that go round."""
    since_ns = run.cycle[-1].step.end_ns
    until_ns = max(act.step.end_ns or act.step.start_ns for act in run.last_cycle)
    agents = {act.step.agent for act in run.acts}
    spent = [step for step in steps if since_ns <= step.start_ns <= until_ns and step.agent in agents]
    return {
        "seconds": round((until_ns - since_ns) / 1e9, 3),
        "input_tokens": sum(step.input_tokens for step in spent),
        "output_tokens": sum(step.output_tokens for step in spent),
        "cost_usd": round(sum(step.cost_usd for step in spent), 6),
        "spans": len(spent),
    }


def _seconds(run: LoopRun) -> float:
    last_ns = max(act.step.end_ns or act.step.start_ns for act in run.last_cycle)
    return (last_ns - run.acts[0].step.start_ns) / 1e9


def _doubt(run: LoopRun) -> str:
    work = [act for act in run.cycle if act.is_work]
    if not work:
        return "What was said is not known: agents that improve each other's work hand over as often."
    if any(act.said_only for act in work) and not run.same_inputs:
        return "The answers are the same, the questions were not: it may be a batch with equal results."
    if not all(act.is_known for act in work):
        return "What went in or what came out was not captured: the calls may differ in that."
    if not run.models_between and run.trace_has_models:
        return "No model decided between the calls: a piece of code makes them, perhaps for a reason."
    if doubt := doubt_of(run):
        return _SMALL_ANSWERS[doubt]
    return (
        "A tool with an effect may rightly be called again with the same arguments and give the same answer."
    )
