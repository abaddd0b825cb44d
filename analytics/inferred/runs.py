"""Runs: which spans of a trace belong together because what contains them has not arrived. Pure."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from analytics.inferred.step import Step

# What has ended of these kinds has got its answers; of others (a graph's node, a turn) what it asked for may
# be done beside it.
_CLOSING = frozenset({"agent", "workflow", "tool", "llm", "handoff"})
_CLOSED = ""


def open_runs(steps: Sequence[Step]) -> Mapping[str, Sequence[Step]]:
    """Return the spans of a trace that lie in something that has not arrived, by its span id, oldest first.

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
    return runs


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
