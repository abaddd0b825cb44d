"""A trace as big as the API gives at once, the same at every run."""

import random
from functools import cache

from analytics.api.models import ListedSpan, Trace
from tests.dashboard import fleet

BIG_TRACE = "b16b00b5b16b00b5b16b00b5b16b00b5"
SPANS_TOTAL = 48_112
NAMES = {
    "agent": ("invoke_agent", "plan", "delegate"),
    "llm": ("chat gpt-4o", "chat claude-sonnet"),
    "tool": ("read_file", "run_sql", "search_web"),
    "retriever": ("vector.query",),
    "handoff": ("handoff",),
}


@cache
def big_trace(length: int) -> Trace:
    """Return a trace of `length` spans in pre-order, deep and wide, with errors and open spans in it."""
    grown = Grown(length)
    while len(grown.spans) < length:
        grown.grow(None, 0, 3600 - len(grown.spans) / length * 1800, 1800)
    return Trace(
        trace_id=BIG_TRACE,
        summary=fleet.summary(BIG_TRACE, grown.spans, "open"),
        spans=grown.spans,
        spans_total=SPANS_TOTAL,
    )


class Grown:
    """A tree that grows until it has `length` spans."""

    def __init__(self, length: int) -> None:
        self._length = length
        self._dice = random.Random(7)
        self.spans: list[ListedSpan] = []

    def grow(self, parent: str | None, depth: int, start_s: float, budget_s: float) -> None:
        if len(self.spans) >= self._length:
            return
        one = self._span(parent, depth, start_s, budget_s)
        self.spans.append(one)
        if one.kind != "agent" or depth > 9:
            return
        children = self._dice.randint(3, 9)
        for child in range(children):
            share_s = budget_s / children
            self.grow(
                one.span_id, depth + 1, start_s - child * share_s, share_s * self._dice.uniform(0.5, 0.98)
            )

    def _span(self, parent: str | None, depth: int, start_s: float, budget_s: float) -> ListedSpan:
        kind = "agent" if depth < 3 else self._dice.choice(list(NAMES))
        is_open = parent is None or self._dice.random() < 0.002
        return fleet.span(
            short_id=f"{len(self.spans) + 1:x}",
            parent=parent,
            depth=depth,
            name=self._dice.choice(NAMES[kind]),
            kind=kind,
            start_s=start_s,
            duration_s=start_s if is_open else budget_s,
            agent=fleet.AGENTS[len(self.spans) % len(fleet.AGENTS)],
            state="open" if is_open else "ended",
            status="error" if self._dice.random() < 0.01 else "unset",
        )
