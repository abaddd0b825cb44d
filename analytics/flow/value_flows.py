"""Flows by values that hardly stand in both by chance. Pure; who gave what is in a text is found once."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from heapq import nsmallest

from analytics.flow.flow import Channel, Flow, may_take
from analytics.flow.givers import NOBODY, Givers, givers_of
from analytics.flow.said import Said
from analytics.flow.values import Values

# Values that stand in several outputs show a flow when so many are shared.
SHARED_MIN = 2
# Shared values that are named.
NAMED_MAX = 5
# Spans that are looked at whole, those that began first.
ENDS_MAX = 200
# Values by giver that takers look at, in all; half of them may be of spans that are looked at whole.
LOOKS_MAX = 5_000_000


def value_flows(spans: Sequence[Said], task: str, ends: Collection[str]) -> Iterator[Flow]:
    """Yield the flows of spans in order of their start.

    O(characters of different texts) to find the values, then O(values by giver) for each agent, of what is
    new to it, and for each of `ends`, of all it took: `LOOKS_MAX` together, after which nothing more is
    taken in.

    Parameters
    ----------
    ends
        Ids of spans that are looked at whole, whatever their agent took in before; the first `ENDS_MAX`.
    """
    values = Values()
    known = values.of([task])
    given = [values.of(span.gives) - known for span in spans]
    givers = givers_of(spans, given, values)
    texts = _Texts(values, known, givers)
    whole = set([span.span_id for span in spans if span.span_id in ends][:ENDS_MAX])
    takers: defaultdict[str, _Taker] = defaultdict(_Taker)
    for number, span in enumerate(spans):
        is_whole = span.span_id in whole and texts.looks_left > LOOKS_MAX / 2
        taker = _Taker() if is_whole else takers[span.who]
        touched = taker.take(span, texts, spans)
        touched |= taker.take_up(span, given[number], givers, spans)
        for giver in sorted(touched - taker.flows):
            if flow := _flow(spans[giver], span, taker.shared[giver], len(given[giver]), givers):
                taker.flows.add(giver)
                yield flow


class _Texts:
    """Who gave what stands in a text: found once, whoever takes it in."""

    def __init__(self, values: Values, known: frozenset[str], givers: Mapping[str, Givers]) -> None:
        self.looks_left = LOOKS_MAX
        self._values = values
        self._known = known
        self._givers = givers
        self._found: dict[str, Mapping[int, set[str]]] = {}

    def given_by(self, text: str) -> Mapping[int, set[str]]:
        """Return by giver the values that tell; nothing once all looks are taken."""
        if self.looks_left <= 0:
            return {}
        if text not in self._found:
            self._found[text] = self._find(text)
        found = self._found[text]
        self.looks_left -= sum(map(len, found.values()))
        return found

    def all_of(self, value: str, text: str) -> Sequence[int]:
        """Return who gave a value of the text, however many."""
        is_there = value in self._values.of([text]) and value not in self._known
        return self._givers.get(value, NOBODY).all if is_there else ()

    def _find(self, text: str) -> Mapping[int, set[str]]:
        found: defaultdict[int, set[str]] = defaultdict(set)
        for value in self._values.of([text]) - self._known:
            for giver in self._givers.get(value, NOBODY).telling:
                found[giver].add(value)
        return dict(found)


@dataclass(slots=True)
class _Taker:
    """What an agent took in so far: the texts, the values by who gave them, and from whom a flow is known."""

    texts: set[str] = field(default_factory=set)
    flows: set[int] = field(default_factory=set)
    shared: defaultdict[int, set[str]] = field(default_factory=lambda: defaultdict(set))

    def take(self, span: Said, texts: _Texts, spans: Sequence[Said]) -> set[int]:
        """Take in what is new to it; return who gave some of that."""
        touched: set[int] = set()
        call_id = span.call_id.casefold()
        for text in span.takes:
            if text in self.texts:
                continue
            self.texts.add(text)
            asked = {giver: {call_id} for giver in texts.all_of(call_id, text)}
            for some in (texts.given_by(text), asked):
                for giver, values in some.items():
                    if giver not in self.flows and may_take(spans[giver], span):
                        self.shared[giver] |= values
                        touched.add(giver)
        return touched

    def take_up(
        self, span: Said, given: frozenset[str], givers: Mapping[str, Givers], spans: Sequence[Said]
    ) -> set[int]:
        """Take up what spans below gave, where it stands in what this one gives; return which."""
        touched: set[int] = set()
        for value in given:
            for giver in _of(value, span, givers):
                if span.span_id in spans[giver].above:
                    self.shared[giver].add(value)
                    touched.add(giver)
        return touched


def _of(value: str, span: Said, givers: Mapping[str, Givers]) -> Sequence[int]:
    found = givers.get(value, NOBODY)
    return found.all if value == span.call_id.casefold() else found.telling


def _flow(
    giver: Said, taker: Said, values: Collection[str], values_given: int, givers: Mapping[str, Givers]
) -> Flow | None:
    ids = {taker.call_id.casefold(), giver.call_id.casefold()} - {""}
    is_explicit = not ids.isdisjoint(values)
    is_enough = is_explicit or len(values) >= SHARED_MIN
    if not (is_enough or any(len(givers[value].first_hand) <= 1 for value in values)):
        return None
    named = tuple(nsmallest(NAMED_MAX, values, key=lambda value: (-len(value), value)))
    channel: Channel = "explicit" if is_explicit else "value"
    return Flow(giver.span_id, taker.span_id, channel, len(values) / max(1, values_given), named)
