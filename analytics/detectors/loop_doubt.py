"""Why calls that are the same each time may yet lead somewhere: by how little they answer. Pure."""

from typing import Literal

from analytics.detectors.loop_run import LoopRun
from analytics.detectors.small_answer import acknowledges, is_small, says_not_yet

# A call that lasts so long, and half of the time or more, may wait within.
LONG_POLL_S = 2.0
_SHARE_MIN = 0.5

# not yet: what is asked for is under way. acknowledged: it was done, whatever it was, as pages are turned.
# long poll: most of the time passes within the call, and little comes of it.
Doubt = Literal["not yet", "acknowledged", "long poll"]


def doubt_of(run: LoopRun) -> Doubt | None:
    """Return what speaks for calls that say the same each time; None where they say something, or fail.

    Words that are not listed, as those of other languages, are taken for an answer.
    """
    steps = [act.step for act in run.cycle if act.is_work and not act.step.failed]
    if not steps:
        return None
    if any(says_not_yet(step.answer) for step in steps):
        return "not yet"
    if len(steps) < sum(act.is_work for act in run.cycle):
        # what fails the same way each time is no page that is turned
        return None
    if all(acknowledges(step.answer) for step in steps):
        return "acknowledged"
    # an agent's turn lasts because its models work
    may_wait = all(is_small(step.answer) and step.kind != "agent" for step in steps)
    return "long poll" if may_wait and _waits_within(run) else None


def _waits_within(run: LoopRun) -> bool:
    first, last = run.acts[0].step, run.acts[-1].step
    within_s = sum(act.step.end_ns - act.step.start_ns for act in run.acts if act.step.end_ns) / 1e9
    whole_s = (max(last.end_ns, last.start_ns) - first.start_ns) / 1e9
    return within_s >= max(LONG_POLL_S * run.repeats, _SHARE_MIN * whole_s)
