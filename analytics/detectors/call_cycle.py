"""CallCycle: agents that call each other in a circle. Pure."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from analytics.agents.calls import calling
from analytics.detectors.call_cycle_finding import DETECTOR, Across, Circle, Walked, circle_finding
from analytics.detectors.circles import Edge, circles
from analytics.detectors.detector import DAYS_EVERY_S, Limits, Outcome, Row, Window
from analytics.detectors.past_days import ROWS_MAX, no_longer, past_days
from analytics.detectors.rounds import bound, repeats
from analytics.findings.finding import Finding

# `reference/detectors.md` 3.17: what is rarer than this is no edge.
CALLS_MIN = 5
TRACES_MIN = 2
# `reference/detectors.md` 3.4, E3: so many calls that never overlap, and an agent does one thing at a time.
ALONE_CALLS_MIN = 50
# A question back is a circle, too: of one that was repeated less often nothing is said, nor of fewer traces.
# (Of debates of three rounds at most, half of which go on, 45 % look unbounded in 20 traces, none in 60.)
REPEATS_MIN = 5
WALKED_MIN = 20

OVER = (
    "In the traces of the last seven days these agents no longer call each other in a circle without an end."
)


class CallCycle:
    """Agents call each other in a circle, and nothing is seen to end it.

    Read are the last seven days. A circle within a trace is bounded when its traces stop at one
    number of rounds (`rounds.bound`); then nothing is said. Edges that make a circle only when those
    of several traces are put together are told if they can deadlock: if they are calls, within
    which the caller waits, of agents that do one thing at a time.

    References
    ----------
    `docs/detectors.md`, section ``call_cycle``.
    """

    name = DETECTOR
    every_s = DAYS_EVERY_S
    sql = calling(__package__, "call_cycle.sql")

    def parameters(self, window: Window) -> Mapping[str, object]:
        """Return the parameters of `sql` for one look."""
        return {**past_days(window), "calls_min": CALLS_MIN, "traces_min": TRACES_MIN}

    def detect(self, rows: Sequence[Row], window: Window, limits: Limits) -> Outcome:  # noqa: ARG002
        """Judge the circles of each project."""
        calls: defaultdict[str, Calls] = defaultdict(Calls)
        for row in rows:
            calls[row["project"]].add(row)
        return Outcome(
            findings=[finding for project in calls for finding in calls[project].findings(project)],
            resolutions=no_longer(window.watched, OVER),
            partial=len(rows) >= ROWS_MAX,
        )


@dataclass
class Calls:
    """The calls between the agents of a project.

    Parameters
    ----------
    edges
        Rows of the edges that are no rarity, by caller and callee.
    walked
        Rows of the sets of edges that made circles within a trace.
    """

    edges: dict[Edge, Row] = field(default_factory=dict)
    walked: list[tuple[frozenset[Edge], Row]] = field(default_factory=list)

    def add(self, row: Row) -> None:
        edges = [(caller, callee) for caller, callee in row["edges"]]
        if row["walked"]:
            self.walked.append((frozenset(edges), row))
        else:
            self.edges[edges[0]] = row

    def findings(self, project: str) -> Iterator[Finding]:
        judged: list[tuple[str, ...]] = []
        for names, walked in self._circles_in_traces():
            if _is_new(names, judged):
                judged.append(names)
                if walked.limited_traces or _goes_on(walked.traces_of):
                    yield circle_finding(self._circle(project, names), walked)
        waits = [edge for edge, row in self.edges.items() if edge[0] and row["calls"] >= CALLS_MIN]
        for names in circles(waits):
            circle = self._circle(project, names)
            if circle.can_deadlock and _is_new(names, judged):
                yield circle_finding(circle, Across())

    def _circles_in_traces(self) -> list[tuple[tuple[str, ...], Walked]]:
        """Return circles that some trace went round, those of most traces first."""
        names = {names for edges, _ in self.walked for names in circles(edges & self.edges.keys())}
        found = [(each, self._walks(set(_edges(each)))) for each in names]
        return sorted(found, key=lambda each: (-each[1].traces, len(each[0]), each[0]))

    def _walks(self, circle: set[Edge]) -> Walked:
        """Return what became of the traces that went round: those that have all edges of the circle."""
        rows = [row for edges, row in self.walked if circle <= edges]
        traces_of: Counter[int] = Counter()
        for row in rows:
            traces_of.update(dict(zip(row["rounds"], row["traces_of"], strict=True)))
        return Walked(
            traces_of=traces_of,
            limited_traces=sum(row["limited_traces"] for row in rows),
            first_ns=min((row["first_ns"] for row in rows), default=0),
            trace_ids=[trace_id for row in rows for trace_id in row["trace_ids"]],
        )

    def _circle(self, project: str, names: tuple[str, ...]) -> Circle:
        rows = [self.edges[edge] for edge in _edges(names)]
        return Circle(
            project=project,
            names=names,
            rows=rows,
            synchronous=all(row["calls"] for row in rows),
            one_at_a_time=all(self._is_alone(name) for name in names),
        )

    def _is_alone(self, name: str) -> bool:
        """Whether no call of the agent began while another of the same instance went on."""
        rows = [row for (_, callee), row in self.edges.items() if callee == name]
        return sum(row["calls"] for row in rows) >= ALONE_CALLS_MIN and not any(
            row["overlapping"] for row in rows
        )


def _goes_on(traces_of: Counter[int]) -> bool:
    walked_enough = traces_of.total() >= WALKED_MIN and repeats(traces_of) >= REPEATS_MIN
    return walked_enough and bound(traces_of) is None


def _is_new(names: Sequence[str], judged: Iterable[Sequence[str]]) -> bool:
    """Whether no circle that was judged shares an edge's two ends with it: then it is another one."""
    return all(len(set(names).intersection(before)) < 2 for before in judged)


def _edges(names: Sequence[str]) -> Iterable[Edge]:
    return zip(names, [*names[1:], names[0]], strict=True)
