"""LoopRun: a part of what somebody does that repeats itself, and what went on meanwhile. Pure."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import Literal

from analytics.detectors.act import SKEW_NS, Act, Step
from analytics.detectors.repetition import Repetition, repetitions

# Identical calls in a row, and cycles of several acts, from which on it is told. Three attempts are
# everybody's policy of retries; OpenHands calls an agent stuck at 4 equal pairs of action and observation
# (`reference/detectors.md` 3.5, 4.2).
CALLS_MIN, CYCLES_MIN = 4, 3
# Prompts of each agent that are longer each time: by chance once in 576 batches of two agents.
GROWING_MIN = 4
Place = Literal["identical call", "loop", "ping-pong"]


@dataclass(frozen=True, slots=True)
class LoopRun:
    """A repetition among the acts of one owner.

    Parameters
    ----------
    acts
        Of the whole cycles, in order.
    models_between
        Model calls of these agents that began between the first act and the last.
    trace_has_models
        Whether the trace shows model calls at all.
    idle_s
        Between two acts in a row: seconds in which no model was asked.
    is_last
        Nothing came after it but what may be the next cycle.
    tokens_grow
        The agents' prompts become longer from call to call: turns of one conversation, not of a batch.
    """

    repetition: Repetition
    acts: Sequence[Act]
    models_between: int
    trace_has_models: bool
    idle_s: Sequence[float]
    is_last: bool
    tokens_grow: bool

    @property
    def period(self) -> int:
        return self.repetition.period

    @property
    def repeats(self) -> int:
        return self.repetition.repeats

    @property
    def cycle(self) -> list[Act]:
        """The first cycle."""
        return list(self.acts[: self.period])

    @property
    def last_cycle(self) -> list[Act]:
        """The last one that is whole."""
        return list(self.acts[-self.period :])

    @property
    def agents(self) -> list[str]:
        """Who acts in it, each once, in order."""
        named = (act.step.agent for act in self.cycle)
        return [agent for agent in dict.fromkeys(named) if agent]

    @property
    def place(self) -> Place:
        """What a person calls it."""
        if self.period == 1:
            return "identical call"
        return "ping-pong" if len(self.agents) > 1 else "loop"

    @property
    def same_inputs(self) -> bool:
        """Whether each act had the same input in every cycle, and it is known."""
        return all(act.asks_as(self.acts[number % self.period]) for number, act in enumerate(self.acts))


def loop_runs(acts: Sequence[Act], models: Sequence[Step]) -> list[LoopRun]:
    """Return what repeats among the acts of one owner; `models` are the trace's model calls, by start."""
    found = repetitions(
        [act.key for act in acts],
        repeats_min=lambda period: CALLS_MIN if period == 1 else CYCLES_MIN,
        follows=lambda earlier, later: _follows(acts[earlier].step, acts[later].step),
    )
    return [_run(one, acts, models) for one in found]


def _follows(earlier: Step, later: Step) -> bool:
    """Side by side is no repetition: that is a vote, a hedge or a batch."""
    return 0 < earlier.end_ns <= later.start_ns + SKEW_NS


def _run(found: Repetition, acts: Sequence[Act], models: Sequence[Step]) -> LoopRun:
    mine = acts[found.start : found.stop]
    first, last = mine[0].step, mine[-1].step
    agents = {act.step.agent for act in mine}
    theirs = [
        model
        for model in _begun(models, first.start_ns, last.end_ns or last.start_ns)
        if model.agent in agents
    ]
    between = [model for model in theirs if first.start_ns < model.start_ns < last.start_ns]
    return LoopRun(
        repetition=found,
        acts=mine,
        models_between=len(between),
        trace_has_models=bool(models),
        idle_s=_idle_s([act.step for act in mine], between),
        is_last=len(acts) - found.stop < found.period,
        tokens_grow=_tokens_grow(theirs),
    )


def _begun(models: Sequence[Step], from_ns: int, until_ns: int) -> Sequence[Step]:
    """Return those that began in `[from_ns, until_ns]`."""
    return models[bisect_left(models, from_ns, key=_start_ns) : bisect_right(models, until_ns, key=_start_ns)]


def _start_ns(step: Step) -> int:
    return step.start_ns


def _idle_s(mine: Sequence[Step], models: Sequence[Step]) -> list[float]:
    """Seconds between two acts in a row that no model call fills."""
    idle: list[float] = []
    for earlier, later in pairwise(mine):
        busy_ns = sum(
            max(0, min(model.end_ns, later.start_ns) - max(model.start_ns, earlier.end_ns))
            for model in _begun(models, earlier.start_ns, later.start_ns)
        )
        idle.append(max(0, later.start_ns - earlier.end_ns - busy_ns) / 1e9)
    return idle


def _tokens_grow(models: Sequence[Step]) -> bool:
    """Whether each agent's prompts become longer from call to call: turns of one conversation."""
    by_agent: dict[str, list[int]] = {}
    for model in models:
        if model.input_tokens:
            by_agent.setdefault(model.agent, []).append(model.input_tokens)
    return bool(by_agent) and all(
        len(tokens) >= GROWING_MIN and all(a < b for a, b in pairwise(tokens)) for tokens in by_agent.values()
    )


def seconds_between(run: LoopRun) -> float:
    """Return the median seconds from the start of a cycle to that of the next."""
    starts = [act.step.start_ns for act in run.acts[:: run.period]]
    return median(b - a for a, b in pairwise(starts)) / 1e9
