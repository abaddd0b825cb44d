"""Aftermath: what came of what a span gave, as far as words show it. Pure.

Definition: `reference/detectors.md` 3.13. The way from a seed to the first bad outcome, who took it in first,
and where a check would have stopped it. It says that words travelled, not that they were wrong.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from analytics.flow.flow import Flow
from analytics.flow.quote import quote
from analytics.flow.reach import reach
from analytics.flow.said import Said

Outcome = Literal["failed", "acted", "answered"]
_Begun = tuple[int, int, str]


@dataclass(frozen=True, slots=True)
class Hop:
    """One step of the way: what the source gave stands in what the target took in, or gave in turn.

    Parameters
    ----------
    shared
        What both have, as evidence: values, or words.
    """

    flow: Flow
    shared: str


@dataclass(frozen=True, slots=True)
class Aftermath:
    """What came of a seed.

    Parameters
    ----------
    way
        From the seed to the first bad outcome; where there is none, to who took it in first.
    outcome
        ``failed``: what took it in failed; ``acted``: a call that changes something was made with it;
        ``answered``: it stands in the trace's answer. None: it is not seen to have got that far.
    consumer
        Id of the first span of another agent that took it in; '' where none did.
    boundary
        Place in `way` of the first hop from one agent to another: what is handed over there could have been
        checked. None where it stayed with one agent.
    """

    way: Sequence[Hop]
    outcome: Outcome | None
    consumer: str
    boundary: int | None


def aftermath(
    seed: str, flows: Sequence[Flow], spans: Mapping[str, Said], outcomes: Mapping[str, Outcome]
) -> Aftermath:
    """Follow what a span gave.

    Parameters
    ----------
    seed
        Id of the span in which it went wrong.
    flows
        Of the trace.
    spans
        By id, all that `flows` names.
    outcomes
        Spans at which it becomes bad that something wrong got there.

    Examples
    --------
    The cases of `tests/analytics/flow/test_aftermath.py`.
    """
    if seed not in spans:
        return Aftermath((), None, "", None)
    reached = [flow for flow in reach(flows, seed) if flow.target in spans]
    bad = min(_bad(reached, outcomes), key=lambda one: _order(one, spans, outcomes), default=None)
    others = [flow.target for flow in reached if _is_other(flow.target, seed, spans)]
    consumer = min(others, key=lambda one: _begun(spans[one]), default="")
    way = _way(reached, seed, bad or consumer)
    hops = tuple(Hop(flow, _shared(flow, spans)) for flow in way)
    handed = (place for place, flow in enumerate(way) if spans[flow.source].who != spans[flow.target].who)
    return Aftermath(hops, outcomes[bad] if bad else None, consumer, next(handed, None))


def _bad(reached: Sequence[Flow], outcomes: Mapping[str, Outcome]) -> Iterator[str]:
    return (flow.target for flow in reached if flow.target in outcomes)


def _order(span_id: str, spans: Mapping[str, Said], outcomes: Mapping[str, Outcome]) -> tuple[bool, _Begun]:
    # an answer is where it ends, whenever the trace began
    return outcomes[span_id] == "answered", _begun(spans[span_id])


def _begun(span: Said) -> _Begun:
    # what is above begins first, if only by less than is measured
    return span.start_ns, len(span.above), span.span_id


def _is_other(span_id: str, seed: str, spans: Mapping[str, Said]) -> bool:
    return spans[span_id].who != spans[seed].who and span_id not in spans[seed].above


def _way(reached: Sequence[Flow], seed: str, goal: str) -> list[Flow]:
    """Return the flows from the seed to a span; each span was reached by one."""
    by_target = {flow.target: flow for flow in reached}
    way: list[Flow] = []
    while goal != seed and goal in by_target:
        way.append(by_target[goal])
        goal = by_target[goal].source
    return way[::-1]


def _shared(flow: Flow, spans: Mapping[str, Said]) -> str:
    if flow.shared:
        return ", ".join(flow.shared)
    source, target = spans[flow.source], spans[flow.target]
    side = target.gives if target.span_id in source.above else target.takes
    return quote(source.gives, side)
