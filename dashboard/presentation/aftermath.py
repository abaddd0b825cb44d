"""What came of what a span gave, in words: whom it went to, what was done with it, where a check belongs."""

from collections.abc import Mapping, Sequence
from itertools import pairwise

from analytics.api.models import Aftermath, AftermathHop, Span
from dashboard.presentation.evidence import Fact
from dashboard.wording.amount import counted, shortened

QUOTED_MAX = 60
"""Characters of what two spans share that a sentence bears; below it stands all of it."""
ELSEWHERE = "a call that is not shown"
UNQUOTED = {"explicit": "the id of the call", "value": "values", "prose": "words"}

Spans = Mapping[str, Span]


def came_of(after: Aftermath, seed: str, spans: Spans) -> str:
    """Return where what `seed` gave went, what came of it, and where a check could have stopped it.

    Examples
    --------
    The cases of `tests/dashboard/presentation/test_suspect.py`.
    """
    if not after.way:
        return f"Nothing of what {label(seed, spans)} gave is seen to have been taken in."
    others = _others(after, seed, spans)
    first = _first_consumer(after, [name for name in others if name != _who(seed, spans)], spans)
    return " ".join(filter(None, (_went(after, seed, others, spans), first, _check(after, spans))))


def way(after: Aftermath, spans: Spans) -> list[Fact]:
    """Return hop by hop what both ends have; of a single hop the sentence says it."""
    if len(after.way) < 2:
        return []
    names = [label(after.way[0].source, spans), *(label(hop.target, spans) for hop in after.way)]
    if after.outcome == "answered":
        names[-1] = "the trace's answer"
    return [
        (f"{source} to {target}", _shared(hop) or UNQUOTED[hop.channel])
        for hop, (source, target) in zip(after.way, pairwise(names), strict=True)
    ]


def label(span_id: str, spans: Spans) -> str:
    """Return what a span is called in a sentence: a tool by its name, everything else by whose it is."""
    span = spans.get(span_id)
    if span is None:
        return ELSEWHERE
    return shortened((span.tool if span.kind == "tool" else span.agent) or span.name)


def _who(span_id: str, spans: Spans) -> str:
    span = spans.get(span_id)
    return shortened(span.agent or span.name) if span else ELSEWHERE


def _others(after: Aftermath, seed: str, spans: Spans) -> list[str]:
    """Return whom it went to, in order; the trace's answer is nobody's."""
    reached = [hop.target for hop in after.way]
    if after.outcome == "answered":
        reached.pop()
    named = [label(seed, spans), *(_who(span_id, spans) for span_id in reached)]
    return [name for place, name in enumerate(named) if place and name != named[place - 1]]


def _went(after: Aftermath, seed: str, others: Sequence[str], spans: Spans) -> str:
    given, quoted = f"{label(seed, spans)}'s answer", _quoted(after.way[after.boundary or 0])
    if not others:
        return f"{given} {_alone(after, spans)}{quoted}."
    on = f" and {_over(others[1:-1])} to {others[-1]}" if len(others) > 1 else ""
    return f"{given} went to {others[0]}{quoted}{on}{_then(after, spans)}."


def _over(between: Sequence[str]) -> str:
    if not between:
        return "on"
    return f"over {between[0]}" if len(between) == 1 else f"over {counted(len(between), 'other')}"


def _then(after: Aftermath, spans: Spans) -> str:
    if after.outcome is None:
        return ". No bad outcome of it is seen"
    if after.outcome == "answered":
        return ", and stands in the trace's answer"
    goal = after.way[-1].target
    if after.outcome == "acted":
        return f", who called {label(goal, spans)} with it"
    is_call = label(goal, spans) != _who(goal, spans)
    return f", whose {label(goal, spans)} failed" if is_call else ", who failed"


def _alone(after: Aftermath, spans: Spans) -> str:
    goal = label(after.way[-1].target, spans)
    said = {"answered": "stands in the trace's answer", "failed": f"went into {goal}, which failed"}
    return said.get(after.outcome or "", f"went into its own call of {goal}")


def _first_consumer(after: Aftermath, others: Sequence[str], spans: Spans) -> str:
    name = _who(after.consumer, spans) if after.consumer else ""
    return f"{name} took it in first." if name and name not in others[:1] else ""


def _check(after: Aftermath, spans: Spans) -> str:
    if after.outcome is None:
        return ""
    if after.boundary is None:
        return "It was handed to nobody else, so no check between agents could have stopped it."
    hop = after.way[after.boundary]
    giver, taker = _who(hop.source, spans), _who(hop.target, spans)
    return f"A check of what {giver} hands to {taker} could have stopped it."


def _quoted(hop: AftermathHop) -> str:
    shared = _shared(hop, QUOTED_MAX)
    return f" ({shared})" if shared else ""


def _shared(hop: AftermathHop, length_max: int = 1_000) -> str:
    shared = shortened(hop.shared, length_max)
    return f'"{shared}"' if shared and hop.channel == "prose" else shared
