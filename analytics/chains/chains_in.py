"""The error chains of one trace. Pure; O(n log n) of its spans.

Definition: `reference/detectors.md` 3.11. An origin is a failed span without a failed child; its chain are
the ancestors while they failed, too. What only holds others (a turn, a graph's node) often does not say that
an error went through it: OpenInference's OpenAI Agents. It is passed where what is above failed of the same.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from heapq import nlargest

from analytics.chains.chain import Chain, Outcome, repeats
from analytics.chains.work_span import WorkSpan

# Ancestors of one chain; a client may nest as deep as it likes, and in a circle.
HOPS_MAX = 1_000
# Spans in a row that let an error through.
THROUGH_MAX = 4


def chains_in(spans: Sequence[WorkSpan]) -> list[Chain]:
    """Return the chains, by when their origin ended.

    Parameters
    ----------
    spans
        Of one trace: those that failed, their parents, siblings that were called likewise, and what holds
        others.

    Examples
    --------
    The cases of `tests/analytics/chains/test_chains_in.py`.
    """
    trace = _Trace(spans)
    chains: dict[tuple[str, tuple[str, str]], list[WorkSpan]] = defaultdict(list)
    for origin in trace.origins():
        chains[origin.parent_span_id or origin.span_id, origin.error].append(origin)
    found = [trace.chain(origins) for origins in chains.values()]
    return sorted(found, key=lambda chain: (chain.origin.end_ns, chain.origin.span_id))


class _Trace:
    """The spans of a trace by their ids and parents."""

    def __init__(self, spans: Sequence[WorkSpan]) -> None:
        self._by_id: Mapping[str, WorkSpan] = {span.span_id: span for span in spans}
        self._children: defaultdict[str, list[WorkSpan]] = defaultdict(list)
        for span in self._by_id.values():
            self._children[span.parent_span_id].append(span)
        # two, for one of them may be the one that is asked about
        self._latest = {
            parent: nlargest(2, some, key=lambda span: span.start_ns)
            for parent, some in self._children.items()
        }
        self._failed = [span for span in self._by_id.values() if span.failed]
        self._causes = self._causes_of_cancellations()
        self._next: Mapping[str, WorkSpan] = {
            span.span_id: above for span in self._failed if (above := self._failed_above(span))
        }

    def origins(self) -> Iterable[WorkSpan]:
        """Yield failed spans that no failure below explains and that were not given up for another's sake."""
        explained = {above.span_id for above in self._next.values()}
        for span in sorted(self._failed, key=lambda span: (span.end_ns, span.span_id)):
            if span.span_id not in explained and span.span_id not in self._causes:
                yield span

    def chain(self, origins: Sequence[WorkSpan]) -> Chain:
        """Follow the first of the origins, which have one parent and one error, upwards."""
        hops = self._hops(origins[0])
        above = self._by_id.get(hops[-1].parent_span_id) if hops[-1].parent_span_id else None
        mine = {hop.span_id for hop in hops} | {origin.span_id for origin in origins}
        collateral = sorted(span for span, cause in self._causes.items() if cause in mine)
        return Chain(origins, hops, self._outcome(hops[-1], above), above, collateral)

    def _hops(self, origin: WorkSpan) -> list[WorkSpan]:
        hops, seen = [origin], {origin.span_id}
        while len(hops) < HOPS_MAX:
            above = self._next.get(hops[-1].span_id)
            if above is None or above.span_id in seen:
                break
            hops.append(above)
            seen.add(above.span_id)
        return hops

    def _failed_above(self, span: WorkSpan) -> WorkSpan | None:
        """Return the parent, if it failed; else the next above that failed of the same, at once."""
        child, above = span, self._parent(span)
        for _ in range(THROUGH_MAX):
            if above is None or above.failed or self._went_on(above, child):
                break
            child, above = above, self._parent(above)
        if above is None or not above.failed:
            return None
        if child is not span and (self._went_on(above, child) or not repeats(above, span)):
            return None
        return above

    def _parent(self, span: WorkSpan) -> WorkSpan | None:
        parent = self._by_id.get(span.parent_span_id) if span.parent_span_id else None
        return parent if parent is not span else None

    def _went_on(self, above: WorkSpan, child: WorkSpan) -> bool:
        """Say whether something was begun there after that."""
        latest = self._latest.get(above.span_id, ())
        return any(other.start_ns >= child.end_ns for other in latest if other is not child)

    def _outcome(self, last: WorkSpan, above: WorkSpan | None) -> Outcome:
        if not last.parent_span_id:
            return "root failed"
        if above is None or above.failed:
            return "unknown"
        again = (
            span
            for span in self._children[last.parent_span_id]
            if not span.failed and span.end_ns and span.start_ns >= last.end_ns
        )
        is_same = any(
            (span.kind, span.label, span.agent) == (last.kind, last.label, last.agent) for span in again
        )
        return "retried" if is_same else "contained"

    def _causes_of_cancellations(self) -> dict[str, str]:
        """Return of each span that was given up after another failed beside it: the id of that other.

        Beside it: below the same parent. Structured concurrency (a task group, a graph's superstep) gives
        up the siblings of what failed; it ends them after the failure, never before.
        """
        causes: dict[str, str] = {}
        for siblings in self._children.values():
            real = [span for span in siblings if span.failed and not span.cancelled and span.end_ns]
            first = min(real, key=lambda span: (span.end_ns, span.span_id), default=None)
            for span in siblings:
                if first and span.cancelled and span.start_ns <= first.end_ns <= span.end_ns:
                    causes[span.span_id] = first.span_id
        return self._with_those_below(causes)

    def _with_those_below(self, causes: dict[str, str]) -> dict[str, str]:
        """What was given up takes what is below it along."""
        todo = list(causes)
        while todo:
            above = todo.pop()
            for child in self._children[above]:
                if child.cancelled and child.span_id not in causes:
                    causes[child.span_id] = causes[above]
                    todo.append(child.span_id)
        return causes
