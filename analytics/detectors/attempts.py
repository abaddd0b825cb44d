"""Attempts: calls of one trace that were made again by code after they failed, one within the other. Pure."""

from collections import defaultdict
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from analytics.detectors.act import SKEW_NS


@dataclass(frozen=True, slots=True)
class Call:
    """One row of `retry_amplification.sql`. Times are Unix nanoseconds, `end_ns` is 0 while open."""

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
    failed: bool
    error_type: str
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
    """Attempts of one call, in order: each but the last failed, and nothing decided between them."""

    calls: Sequence[Call]

    @property
    def gaps_s(self) -> list[float]:
        """Seconds from each failure to the next attempt."""
        return [max(0, later.start_ns - earlier.end_ns) / 1e9 for earlier, later in pairwise(self.calls)]


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
    found: list[Attempts] = []
    for some in alike.values():
        chain = [some[0]]
        for earlier, later in pairwise(some):
            if not _is_retry(earlier, later, turns[later.agent]):
                found.append(Attempts(chain))
                chain = []
            chain.append(later)
        found.append(Attempts(chain))
    return [attempts for attempts in found if len(attempts.calls) > 1]


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


def _is_retry(earlier: Call, later: Call, turns: Sequence[Call]) -> bool:
    if not earlier.failed or not 0 < earlier.end_ns <= later.start_ns + SKEW_NS:
        return False
    # a model's own attempts are no decision about them
    return later.kind == "llm" or not any(
        earlier.end_ns <= turn.start_ns + SKEW_NS and turn.start_ns < later.start_ns for turn in turns
    )
