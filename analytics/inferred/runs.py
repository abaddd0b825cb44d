"""Runs: which spans of a trace belong together because what contains them has not arrived. Pure."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from analytics.inferred.step import Step

# What has ended of these kinds has got its answers; of others (a graph's node, a turn) what it asked for may
# be done beside it.
_CLOSING = frozenset({"agent", "workflow", "tool", "llm", "handoff"})
_CLOSED = ""


class Run(NamedTuple):
    """A span that has not arrived, by its id, and what lies in it, oldest first."""

    id: str
    steps: Sequence[Step]

    @property
    def agent(self) -> str:
        """Whose it is, by the last span that says so; it names itself only when it arrives."""
        return next((step.agent for step in reversed(self.steps) if step.agent), "")


def open_runs(steps: Sequence[Step]) -> Mapping[str, Run]:
    """Return what lies in spans of a trace that have not arrived, by their ids.

    Examples
    --------
    Spans of supervisor's run, which has not ended, and of writer's, which has:
    `tests/analytics/inferred/test_runs.py`.
    """
    known = {step.span_id: step for step in steps}
    run_of: dict[str, str] = {}
    for step in steps:
        _climb(step, known, run_of)
    runs: defaultdict[str, list[Step]] = defaultdict(list)
    for step in sorted(steps, key=lambda step: (step.start_ns, step.span_id)):
        if run_of[step.span_id] != _CLOSED:
            runs[run_of[step.span_id]].append(step)
    return {run_id: Run(run_id, members) for run_id, members in runs.items()}


def _climb(step: Step, known: Mapping[str, Step], run_of: dict[str, str]) -> None:
    """Walk up to what is known already, and note it for all that was passed; a circle is closed."""
    path: dict[str, Step] = {}
    run = None
    while run is None:
        path[step.span_id] = step
        parent = known.get(step.parent_span_id)
        if parent is None:
            run = step.parent_span_id or _CLOSED
        elif parent.kind in _CLOSING or parent.span_id in path:
            run = _CLOSED
        elif parent.span_id in run_of:
            run = run_of[parent.span_id]
        else:
            step = parent
    for span_id in path:
        run_of.setdefault(span_id, run)
