"""Givers: who gave a value, and who of them first. Pure."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from analytics.flow.flow import GIVERS_MAX
from analytics.flow.said import Said
from analytics.flow.values import Values


@dataclass(slots=True)
class Givers:
    """Who gave a value: by number, and those of them who had not been told it before, nor by one below."""

    all: list[int] = field(default_factory=list)
    first_hand: list[int] = field(default_factory=list)

    @property
    def telling(self) -> Sequence[int]:
        """From whom it may have come; nobody where that would be anybody."""
        if len(self.all) <= GIVERS_MAX:
            return self.all
        return self.first_hand if len(self.first_hand) <= GIVERS_MAX else ()


NOBODY = Givers()


def givers_of(spans: Sequence[Said], given: Sequence[frozenset[str]], values: Values) -> Mapping[str, Givers]:
    """Return by value who gave it.

    Parameters
    ----------
    given
        The values that each span gave.
    """
    told_ns = _told_ns(spans, given, values)
    found: defaultdict[str, Givers] = defaultdict(Givers)
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


def _told_ns(
    spans: Sequence[Said], given: Sequence[frozenset[str]], values: Values
) -> Mapping[tuple[str, str], int]:
    """Return by agent and value that it gives since when it knows it from others, in Unix nanoseconds."""
    gives: defaultdict[str, set[str]] = defaultdict(set)
    for span, each in zip(spans, given, strict=True):
        gives[span.who] |= each
    found: dict[tuple[str, str], int] = {}
    texts: set[tuple[str, str]] = set()
    for span in spans:
        for text in span.takes:
            if (span.who, text) not in texts:
                texts.add((span.who, text))
                for value in values.of([text]) & gives[span.who]:
                    found.setdefault((span.who, value), span.start_ns)
    return found
