"""Charges: which agents and services the causes speak against, one beside the other. Pure.

Each mark stands at a place: a call at who makes it, an edge between a caller and a callee. An agent's places
of a sort are those it is charged with, those at which it waits as the caller, or both. What explains most and
is contradicted least is the sum of what its places exceed the usual by, over the root of how many there are:
Ochiai's coefficient again, over places instead of traces, but for a factor that all share. A slow agent is on
all of the edges that are slow for it, each of its callees on one of them.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt

from analytics.rootcause.mark import Mark
from analytics.rootcause.spectrum import Cause

# Where an error began is a failing call once more, and counts once.
_SAME_SORT = {"error": "failing call"}

Place = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Charge:
    """What speaks against an agent or service.

    Parameters
    ----------
    weight
        The larger, the more of what is unusual lies with it.
    causes
        What it is charged with, the heaviest first.
    """

    who: str
    weight: float
    causes: Sequence[Cause]


def charges(causes: Iterable[Cause], marks: Iterable[Mark]) -> list[Charge]:
    """Return whom the causes speak against, the heaviest first.

    Parameters
    ----------
    marks
        All that traces show, whether it goes with failing or not: what contradicts.
    """
    excess: dict[Place, float] = {_place(mark): 0.0 for mark in marks if mark.charged}
    against: dict[str, list[Cause]] = defaultdict(list)
    for cause in causes:
        for mark in (cause.mark, *cause.alike):
            if mark.charged and cause.downstream_of is None:
                excess[_place(mark)] = max(excess[_place(mark)], cause.excess)
    for cause in causes:
        for who in {cause.mark.charged, cause.mark.caller} - {""}:
            against[who].append(cause)
    found = [Charge(who, _weight(who, excess), against[who]) for who in against]
    return sorted((one for one in found if one.weight > 0), key=_order)


def _order(charge: Charge) -> tuple[float, int, str]:
    """Where only one edge is slow, it is the callee's."""
    charged = sum(cause.mark.charged == charge.who for cause in charge.causes)
    return -charge.weight, -charged, charge.who


def _place(mark: Mark) -> Place:
    return _SAME_SORT.get(mark.sort, mark.sort), mark.caller, mark.charged


def _weight(who: str, excess: Mapping[Place, float]) -> float:
    return sum(_of_sort(who, sort, excess) for sort in {sort for sort, _, _ in excess})


def _of_sort(who: str, sort: str, excess: Mapping[Place, float]) -> float:
    """Return the best of the ways in which it may be at fault."""
    places = {place: much for place, much in excess.items() if place[0] == sort}
    charged = [much for place, much in places.items() if place[2] == who]
    waiting = [much for place, much in places.items() if place[1] == who]
    return max(sum(some) / sqrt(len(some)) if some else 0.0 for some in (charged, waiting, charged + waiting))
