"""Flows by values that hardly stand in both by chance. Pure; each text is asked of each agent once."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from analytics.flow.flow import GIVERS_MAX, Channel, Flow, may_take
from analytics.flow.said import Said
from analytics.flow.values import Values

# Values that stand in several outputs show a flow when so many are shared.
SHARED_MIN = 2
# Shared values that are named.
NAMED_MAX = 5


def value_flows(spans: Sequence[Said], task: str, ends: Collection[str]) -> Iterator[Flow]:
    """Yield the flows of spans in order of their start.

    Parameters
    ----------
    ends
        Ids of spans that are looked at whole, whatever their agent took in before.
    """
    values = Values()
    known = values.of([task])
    given = [values.of(span.gives) - known for span in spans]
    givers = _givers(spans, given, values)
    takers: defaultdict[str, _Taker] = defaultdict(_Taker)
    for number, span in enumerate(spans):
        taker = _Taker() if span.span_id in ends else takers[span.who]
        touched = taker.take(span, values, known, givers, spans)
        touched |= taker.take_up(span, given[number], givers, spans)
        for giver in sorted(touched - taker.flows):
            if flow := _flow(spans[giver], span, taker.shared[giver], len(given[giver]), givers):
                taker.flows.add(giver)
                yield flow


@dataclass(slots=True)
class _Givers:
    """Who gave a value: by number, and those of them who had not been told it before, nor by one below."""

    all: list[int] = field(default_factory=list)
    first_hand: list[int] = field(default_factory=list)

    @property
    def telling(self) -> Sequence[int]:
        """From whom it may have come; nobody where that would be anybody."""
        if len(self.all) <= GIVERS_MAX:
            return self.all
        return self.first_hand if len(self.first_hand) <= GIVERS_MAX else ()


_NOBODY = _Givers()


@dataclass(slots=True)
class _Taker:
    """What an agent took in so far: the texts, the values by who gave them, and from whom a flow is known."""

    texts: set[str] = field(default_factory=set)
    flows: set[int] = field(default_factory=set)
    shared: defaultdict[int, set[str]] = field(default_factory=lambda: defaultdict(set))

    def take(
        self,
        span: Said,
        values: Values,
        known: frozenset[str],
        givers: Mapping[str, _Givers],
        spans: Sequence[Said],
    ) -> set[int]:
        """Take in what is new to it; return who gave some of that."""
        touched: set[int] = set()
        for text in span.takes:
            if text in self.texts:
                continue
            self.texts.add(text)
            for value in values.of([text]) - known:
                for giver in _of(value, span, givers):
                    if may_take(spans[giver], span):
                        self.shared[giver].add(value)
                        touched.add(giver)
        return touched

    def take_up(
        self, span: Said, given: frozenset[str], givers: Mapping[str, _Givers], spans: Sequence[Said]
    ) -> set[int]:
        """Take up what spans below gave, where it stands in what this one gives; return which."""
        touched: set[int] = set()
        for value in given:
            for giver in _of(value, span, givers):
                if span.span_id in spans[giver].above:
                    self.shared[giver].add(value)
                    touched.add(giver)
        return touched


def _of(value: str, span: Said, givers: Mapping[str, _Givers]) -> Sequence[int]:
    found = givers.get(value, _NOBODY)
    return found.all if value == span.call_id.casefold() else found.telling


def _givers(spans: Sequence[Said], given: Sequence[frozenset[str]], values: Values) -> Mapping[str, _Givers]:
    told_ns = _told_ns(spans, values)
    found: defaultdict[str, _Givers] = defaultdict(_Givers)
    for number, each in enumerate(given):
        for value in each:
            found[value].all.append(number)
    for value, givers in found.items():
        above = frozenset[str]().union(*(spans[giver].above for giver in givers.all))
        for giver in givers.all:
            span = spans[giver]
            was_told = told_ns.get((span.who, value), span.start_ns + 1) <= span.start_ns
            if not was_told and span.span_id not in above:
                givers.first_hand.append(giver)
    return found


def _told_ns(spans: Sequence[Said], values: Values) -> Mapping[tuple[str, str], int]:
    """Return by agent and value since when the agent knows it from others, in Unix nanoseconds."""
    found: dict[tuple[str, str], int] = {}
    texts: set[tuple[str, str]] = set()
    for span in spans:
        for text in span.takes:
            if (span.who, text) not in texts:
                texts.add((span.who, text))
                for value in values.of([text]):
                    found.setdefault((span.who, value), span.start_ns)
    return found


def _flow(
    giver: Said, taker: Said, values: Collection[str], values_given: int, givers: Mapping[str, _Givers]
) -> Flow | None:
    ids = {taker.call_id.casefold(), giver.call_id.casefold()} - {""}
    is_explicit = not ids.isdisjoint(values)
    is_alone = any(len(givers[value].first_hand) <= 1 for value in values)
    if not (is_explicit or is_alone or len(values) >= SHARED_MIN):
        return None
    named = tuple(sorted(values, key=lambda value: (-len(value), value))[:NAMED_MAX])
    channel: Channel = "explicit" if is_explicit else "value"
    return Flow(giver.span_id, taker.span_id, channel, len(values) / max(1, values_given), named)
