"""Attempts: calls of one trace that were made again after they failed, one within the other. Pure."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from analytics.detectors.act import SKEW_NS
from analytics.detectors.asked import asked
from analytics.detectors.pace import is_paced


@dataclass(frozen=True, slots=True)
class Call:
    """One row of `retry_amplification.sql`. Times are Unix nanoseconds, `end_ns` is 0 while open.

    Parameters
    ----------
    limited, wait_s
        Whether its error limits the rate, and the wait that it asks for, 0 where it does not.
    """

    project: str
    trace_id: str
    span_id: str
    parent_span_id: str
    kind: str
    name: str
    agent: str
    called: str
    tool_call_id: str
    input_hash: int
    output_hash: int
    failed: bool
    error_type: str
    limited: bool
    wait_s: float
    start_ns: int
    end_ns: int
    left_out_version: int = 0

    @property
    def same(self) -> Hashable:
        """Equal for attempts of one call; None where nobody can know: a tool whose input was not captured."""
        if self.kind == "tool" and not (self.input_hash or self.tool_call_id):
            return None
        what = self.tool_call_id if self.kind == "tool" and self.tool_call_id else self.input_hash
        return self.parent_span_id, self.kind, self.called or self.name, what


@dataclass(frozen=True, slots=True)
class Attempts:
    """Attempts of one call, in order: each but the last failed."""

    calls: Sequence[Call]

    @property
    def gaps_s(self) -> list[float]:
        """Seconds from each failure to the next attempt."""
        return [max(0, later.start_ns - earlier.end_ns) / 1e9 for earlier, later in pairwise(self.calls)]

    @property
    def asked_s(self) -> list[float]:
        """Seconds that failures before another attempt asked to wait."""
        return [call.wait_s for call in self.calls[:-1] if call.wait_s]

    @property
    def is_paced(self) -> bool:
        """Whether its pauses are those of somebody who waits for the trouble to pass."""
        return is_paced(self.gaps_s, self.asked_s)


def attempts_in(calls: Sequence[Call]) -> list[Attempts]:
    """Return the calls of one trace that were attempted more than once.

    A model's call between two attempts means that it decided to try again, which is not a retry but a turn.
    """
    alike: defaultdict[Hashable, list[Call]] = defaultdict(list)
    turns: defaultdict[str, list[Call]] = defaultdict(list)
    for call in sorted(calls, key=lambda call: call.start_ns):
        if call.same is not None and call.parent_span_id:
            alike[call.same].append(call)
        if call.kind == "llm":
            turns[call.agent].append(call)
    return [
        attempts
        for some in alike.values()
        for attempts in _chains(some, lambda earlier, later: _is_retry(earlier, later, turns[later.agent]))
    ]


def asked_again(calls: Sequence[Call]) -> list[Attempts]:
    """Return tools' calls of one trace that a limit of rate refused and that were made again, by whomever.

    A model that asks for the same again waits no longer than code does, and the other side minds as much. Its
    turns may have spans of their own (LangGraph, OpenAI Agents): the agent is the same, not the parent.
    """
    by_agent: defaultdict[str, list[Call]] = defaultdict(list)
    for call in sorted(calls, key=lambda call: call.start_ns):
        by_agent[call.agent].append(call)
    alike: defaultdict[Hashable, list[Call]] = defaultdict(list)
    for agent, mine in by_agent.items():
        asks = dict(asked(mine))
        for call in mine:
            what = call.input_hash or asks.get(call.span_id, 0)
            if call.kind == "tool" and what:
                alike[agent, call.called, what].append(call)
    return [
        attempts
        for some in alike.values()
        for attempts in _chains(some, lambda earlier, later: earlier.limited and _follows(earlier, later))
    ]


def nested(attempts: Sequence[Attempts], calls: Sequence[Call]) -> list[Attempts]:
    """Return the chain, outermost first, whose numbers of attempts have the largest product.

    An attempt of the inner one is made for each of the outer one: 3 x 3 x 3 retries ask the last 27 times.
    """
    parents = {call.span_id: call.parent_span_id for call in calls}
    of_span = {call.span_id: each for each in attempts for call in each.calls}
    chains = [_chain(each, parents, of_span) for each in attempts]
    return max(chains, key=amplification, default=[])


def amplification(chain: Sequence[Attempts]) -> int:
    """Return how often the innermost is attempted for one request."""
    product = 1
    for attempts in chain:
        product *= len(attempts.calls)
    return product


def _chains(calls: Sequence[Call], is_retry: Callable[[Call, Call], bool]) -> Iterator[Attempts]:
    """Yield the runs of two attempts and more."""
    chain = [calls[0]]
    for earlier, later in pairwise(calls):
        if not is_retry(earlier, later):
            if len(chain) > 1:
                yield Attempts(chain)
            chain = []
        chain.append(later)
    if len(chain) > 1:
        yield Attempts(chain)


def _chain(attempts: Attempts, parents: dict[str, str], of_span: dict[str, Attempts]) -> list[Attempts]:
    chain, seen = [attempts], {attempts.calls[0].span_id}
    span_id = parents.get(attempts.calls[0].span_id, "")
    # ids come from outside: a span may be its own ancestor
    while span_id and span_id not in seen:
        seen.add(span_id)
        if span_id in of_span:
            chain.append(of_span[span_id])
        span_id = parents.get(span_id, "")
    return chain[::-1]


def _follows(earlier: Call, later: Call) -> bool:
    """Whether it began after the other one had failed: side by side are hedges."""
    return earlier.failed and 0 < earlier.end_ns <= later.start_ns + SKEW_NS


def _is_retry(earlier: Call, later: Call, turns: Sequence[Call]) -> bool:
    if not _follows(earlier, later):
        return False
    # a model's own attempts are no decision about them
    return later.kind == "llm" or not any(
        earlier.end_ns <= turn.start_ns + SKEW_NS and turn.start_ns < later.start_ns for turn in turns
    )
