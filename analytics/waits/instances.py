"""Instances: which open spans belong to which instance of an agent. Pure.

An instance is one run of an agent: the topmost of the spans above each other that have the same
agent, so that a run within a run of the same agent is one, and an agent that is called again further
below, by another, is another. Decision 0026.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from analytics.waits.open_span import AGENT_KINDS, CALL_KINDS, OpenSpan

NONE = -1
# Callers that are looked at above an instance; a client may nest as deep as it likes.
_CALLERS_MAX = 100


class Instances:
    """The instances among open spans of one project and environment, by place in `spans`.

    A span that holds a lock stands beside what is done, not above it: it is nobody's parent.

    Attributes
    ----------
    parents
        Place of the span right above each, `NONE` where that is not open.
    tops
        Place of the topmost span of the same instance, as far as it hangs together.
    ids
        Id of each span.
    of
        Id of the instance that each span belongs to.
    calls
        Pairs of a span and one right below it that belongs to another instance.
    """

    def __init__(self, spans: Sequence[OpenSpan]) -> None:
        self._spans = spans
        self.ids = [span.id for span in spans]
        place = {self.ids[number]: number for number, span in enumerate(spans) if not span.holds}
        self.parents = [place.get(span.trace_id + span.parent_span_id, NONE) for span in spans]
        self.tops = self._topmost()
        self._runs: dict[tuple[str, str], list[str]] = defaultdict(list)
        for top in dict.fromkeys(self.tops):
            if spans[top].kind in AGENT_KINDS and spans[top].agent:
                self._runs[spans[top].trace_id, spans[top].agent].append(self.ids[top])
        id_of_top = {top: self._id(top) for top in dict.fromkeys(self.tops)}
        self.of = [id_of_top[top] for top in self.tops]
        self.calls = [
            (parent, number)
            for number, parent in enumerate(self.parents)
            if parent != NONE and self.of[number] != self.of[parent] and not spans[number].holds
        ]
        self._has_child, self._holds_below = self._below()
        self._callers = self._called_by()

    def is_leaf(self, number: int) -> bool:
        """Whether nothing below the span is open, but for locks that are held."""
        span = self._spans[number]
        return not self._has_child[number] and span.open_descendants <= self._holds_below[number]

    def may_be(self, number: int) -> Sequence[str]:
        """Return the instances a span may belong to: several of its agent, where none of them is above it."""
        top = self._spans[self.tops[number]]
        runs = self._runs.get((top.trace_id, top.agent), []) if top.kind not in AGENT_KINDS else []
        return runs if len(runs) > 1 else [self.of[number]]

    def callers(self, instance: str) -> Iterator[tuple[str, bool]]:
        """Yield the instances above, nearest first, and whether `instance` runs below a call of theirs."""
        seen = {instance}
        while (caller := self._callers.get(instance)) and caller[0] not in seen and len(seen) < _CALLERS_MAX:
            yield caller
            instance = caller[0]
            seen.add(instance)

    def _topmost(self) -> list[int]:
        """Ids come from outside: a span may name one below it as its parent. Such a circle has one top."""
        tops = [NONE] * len(self._spans)
        for first in range(len(tops)):
            path: list[int] = []
            number = first
            while tops[number] == NONE:
                path.append(number)
                tops[number] = number
                parent = self.parents[number]
                if parent == NONE or self._spans[parent].agent != self._spans[number].agent:
                    break
                number = parent
            top = tops[number]
            for walked in path:
                tops[walked] = top
        return tops

    def _id(self, number: int) -> str:
        top = self._spans[number]
        if not top.agent:
            return top.trace_id + (top.parent_span_id or top.span_id)
        if top.kind in AGENT_KINDS:
            return self.ids[number]
        runs = self._runs.get((top.trace_id, top.agent), [])
        if len(runs) == 1:
            return runs[0]
        return f"agent {top.agent} of {top.agent_id or top.session or top.trace_id}"

    def _below(self) -> tuple[list[bool], list[int]]:
        has_child, holds_below = [False] * len(self._spans), [0] * len(self._spans)
        for number, parent in enumerate(self.parents):
            if parent in {NONE, number}:
                continue
            if self._spans[number].holds:
                holds_below[parent] += 1
            else:
                has_child[parent] = True
        return has_child, holds_below

    def _called_by(self) -> dict[str, tuple[str, bool]]:
        callers: dict[str, tuple[str, bool]] = {}
        for parent, number in self.calls:
            span = self._spans[parent]
            callers.setdefault(self.of[number], (self.of[parent], span.kind in CALL_KINDS or span.says_wait))
        return callers
