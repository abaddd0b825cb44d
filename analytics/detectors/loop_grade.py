"""Whether what repeats itself leads nowhere, and how sure that is. Pure."""

from collections.abc import Sequence
from itertools import pairwise

from analytics.baselines.habit import Habit
from analytics.detectors.act import Act
from analytics.detectors.detector import Limits
from analytics.detectors.loop_doubt import doubt_of
from analytics.detectors.loop_run import LoopRun
from analytics.detectors.pace import is_paced
from analytics.detectors.patience import is_patient_name, is_steady
from analytics.findings.finding import Grade

# Where only half of it is known: what went in, or what was said.
HALF_KNOWN_CALLS_MIN, HALF_KNOWN_CYCLES_MIN = 5, 6
# Between two calls somebody who waits on purpose is idle for so long.
IDLE_S = 0.5
IDLE_WITHOUT_MODEL_S = 0.05


def habits_of(run: LoopRun, limits: Limits) -> list[Habit]:
    """Return how often traces that ended well repeat the calls of the cycle, of each that is known."""
    names = {f"{act.step.agent}\0{act.step.tool}" for act in run.cycle if act.step.tool}
    project = run.acts[0].step.project
    habits = (limits.habit(project, "repeats", name) for name in sorted(names))
    return [habit for habit in habits if habit and habit.q995 is not None]


def is_usual(run: LoopRun, habits: Sequence[Habit]) -> bool:
    """Whether a call of the cycle is repeated as often by traces that ended well."""
    return any(run.repeats <= (habit.q995 or 0) for habit in habits)


def grade_of(run: LoopRun) -> Grade | None:
    """Return how sure it is that the repetition leads nowhere; None where it is not told.

    Confirmed: a model decided each time to do the very same, and the very same came of it. Probable: the
    trace shows no model calls, or the same was said in a conversation that goes on. Suspected: what went in
    or what came out is not known, or a piece of code repeats the call, or what came of it says as good as
    nothing (`doubt_of`). Waiting on purpose, and retries after errors, are none of it.
    """
    if _waits_on_purpose(run) or _retries(run):
        return None
    work = [act for act in run.cycle if act.is_work]
    if not work:
        return _grade_of_handoffs(run)
    if any(act.said_only for act in work) and not run.same_inputs:
        return _grade_of_talk(run, work)
    return _grade_of_work(run, work)


def _grade_of_work(run: LoopRun, work: Sequence[Act]) -> Grade | None:
    if not all(act.is_known for act in work):
        least = HALF_KNOWN_CALLS_MIN if run.period == 1 else HALF_KNOWN_CYCLES_MIN
        return "suspected" if run.repeats >= least else None
    if doubt_of(run):
        return "suspected"
    if run.models_between:
        return "confirmed"
    return "suspected" if run.trace_has_models or is_steady(run.idle_s, IDLE_S) else "probable"


def _grade_of_handoffs(run: LoopRun) -> Grade | None:
    """Turns of which nothing was captured, and no tool was called: they may improve what they do."""
    is_between_agents = len(run.agents) > 1 and any(act.hands_over for act in run.cycle)
    return "suspected" if is_between_agents and run.repeats >= HALF_KNOWN_CYCLES_MIN else None


def _grade_of_talk(run: LoopRun, work: Sequence[Act]) -> Grade | None:
    """The same answers to other questions: a batch, unless they are turns of one conversation."""
    if run.period == 1:
        return None
    if all(act.is_known or act.said_only for act in work) and run.tokens_grow:
        return "probable"
    return "suspected" if run.repeats >= HALF_KNOWN_CYCLES_MIN else None


def _waits_on_purpose(run: LoopRun) -> bool:
    """A poll: by its name, or by idle times that are the same, or longer each time."""
    if any(act.step.kind == "wait" or is_patient_name(act.step.tool) for act in run.cycle):
        return True
    if not run.trace_has_models:
        # without them a model at work looks idle
        return False
    return is_steady(run.idle_s, IDLE_S if run.models_between else IDLE_WITHOUT_MODEL_S)


def _retries(run: LoopRun) -> bool:
    """Calls that fail and are made again, which `retry_amplification` tells of.

    That is by code, not by a model's decision; or by anybody, at once, after a limit of rate.
    """
    if not all(act.step.failed for act in run.cycle if act.is_work):
        return False
    return not run.models_between or _ignores_a_limit(run)


def _ignores_a_limit(run: LoopRun) -> bool:
    steps = [act.step for act in run.acts]
    # an output alone does not say that it is the same call; without both, the model's answer does (`asked`)
    knows_call = all(step.input_hash or not step.output_hash for step in steps)
    if run.period > 1 or not knows_call or not all(step.kind == "tool" and step.limited for step in steps):
        return False
    gaps_s = [max(0, later.start_ns - earlier.end_ns) / 1e9 for earlier, later in pairwise(steps)]
    return not is_paced(gaps_s, [step.wait_s for step in steps[:-1] if step.wait_s])
