"""Returned: which of the calls that a model's answer asks for have come back. Pure."""

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

from analytics.inferred.agents import normal
from analytics.inferred.calls import Call
from analytics.inferred.step import Step


class Returned:
    """The tools and hand-offs of a trace, by the ids of their calls, else by name and agent."""

    def __init__(self, tools: Iterable[Step]) -> None:
        self._latest: dict[str, int] = {}
        self._starts: defaultdict[tuple[str, str | None], list[int]] = defaultdict(list)
        for step in sorted(tools, key=lambda step: step.start_ns):
            if step.tool_call_id:
                self._latest[step.tool_call_id] = step.start_ns
                continue
            name = normal(step.tool or step.name)
            self._starts[name, step.agent].append(step.start_ns)
            self._starts[name, None].append(step.start_ns)

    def missing(self, calls: Iterable[Call], agent: str, since_ns: int) -> list[Call]:
        """Return the calls of an agent that nothing which began since then has answered."""
        taken: Counter[str] = Counter()
        return [call for call in calls if not self._answers(call, agent, since_ns, taken)]

    def _answers(self, call: Call, agent: str, since_ns: int, taken: Counter[str]) -> bool:
        began_ns = self._latest.get(call.id)
        if began_ns is not None and began_ns >= since_ns:
            return True
        name = normal(call.name)
        taken[name] += 1
        return taken[name] <= self._count(name, agent, since_ns)

    def _count(self, name: str, agent: str, since_ns: int) -> int:
        """Without an agent it may be anybody's."""
        whose: Sequence[str | None] = (agent, "") if agent else (None,)
        every = (self._starts.get((name, one), ()) for one in whose)
        return sum(len(starts) - bisect_left(starts, since_ns) for starts in every)
