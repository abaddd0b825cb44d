"""TraceSize: how large a trace is, and by what measure it is too large. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from analytics.baselines.habit import Habit
from analytics.detectors.detector import Limits
from analytics.findings.judgement import Key

# A trace of its like exceeds them once in a thousand times, or in a hundred; five measures, a thousand
# traces a minute: so only what is far beyond is told.
MULTIPLIER, MULTIPLIER_OF_FEW = 2.0, 3.0


@dataclass(frozen=True, slots=True)
class Measure:
    """One way to be large.

    Parameters
    ----------
    floor
        What is not larger than this is never told.
    default
        The limit while too few of its like are known.
    """

    name: str
    noun: str
    floor: float
    default: float


# Defaults: depth is LangGraph's limit of recursion; a map-reduce of a hundred agents, a coding session of 500
# calls and of ten million tokens, most of them cached, are ordinary.
MEASURES = (
    Measure("depth", "levels", 15, 25),
    Measure("agents", "agents below one span", 20, 100),
    Measure("children", "children of one span", 50, 500),
    Measure("spans", "spans", 300, 5_000),
    Measure("tokens", "tokens", 200_000, 10_000_000),
    Measure("cost", "US dollars", 1.0, 100.0),
)


@dataclass(frozen=True, slots=True)
class TraceSize:
    """One row of `runaway.sql`. Times are Unix nanoseconds.

    Parameters
    ----------
    root
        Name of the span without a parent; `agent` is its agent, and `habit_name` what it has in common
        with its like.
    children_of, agents_of
        Span that has the most children, and the most agents right below it.
    busiest
        Agents with the most spans, and how many those are.
    """

    project: str
    trace_id: str
    root: str
    habit_name: str
    agent: str
    spans: int
    depth: int
    children: int
    children_of: str
    agents: int
    agents_of: str
    tokens: int
    cost_usd: float
    start_ns: int
    end_ns: int
    ended: bool
    busiest: Sequence[tuple[str, int]]

    @property
    def key(self) -> Key:
        """The project and the fingerprint of its finding: there is one of a trace."""
        return self.project, self.trace_id

    def value(self, measure: Measure) -> float:
        """Return how much of it there is."""
        return float(self.cost_usd if measure.name == "cost" else getattr(self, measure.name))


@dataclass(frozen=True, slots=True)
class Excess:
    """A measure by which a trace is too large, and what was usual of its like, None where unlearned."""

    measure: Measure
    value: float
    limit: float
    habit: Habit | None

    @property
    def times(self) -> float:
        """How far beyond the limit it is."""
        return self.value / self.limit


def excesses(size: TraceSize, limits: Limits) -> list[Excess]:
    """Return the measures by which a trace is too large, the worst first."""
    found: list[Excess] = []
    for measure in MEASURES:
        habit = limits.habit(size.project, measure.name, size.habit_name)
        limit = max(measure.floor, limit_of(habit)) if habit else measure.default
        if size.value(measure) > limit:
            found.append(Excess(measure, size.value(measure), limit, habit))
    return sorted(found, key=lambda excess: (excess.habit is None, -excess.times))


def limit_of(habit: Habit) -> float:
    """Return how large a trace may be of whose like so much is known."""
    if habit.q999 is not None:
        return MULTIPLIER * habit.q999
    return MULTIPLIER_OF_FEW * habit.q99
