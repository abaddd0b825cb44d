"""Shown: the traces and words that a drift is told with."""

from collections.abc import Sequence
from datetime import UTC, datetime

from analytics.series.counts import Filter, Place, categories
from analytics.series.fleet import Fleet
from analytics.series.grown import grown
from analytics.series.in_traces import Hours, Telling, first_kept, samples
from analytics.series.kept import Usual
from analytics.series.moved import Moved
from analytics.series.of_answers import Shown, shown_by_answers
from collector.store.store import Store


def shown(
    store: Store, fleet: Fleet, place: Place, before: Sequence[Hours], after: Hours, moved: Moved
) -> Shown:
    """Return what calls of a series show of a drift: of its own, or of the pool that it is a member of.

    Parameters
    ----------
    before
        Times of before: the first of which anything is stored.
    """
    key = fleet.known[place].key
    telling = Telling(telling_categories(store, fleet, place, after, moved), moved.is_largest)
    if key.measure.is_of_answers:
        return shown_by_answers(store, key, before, after, telling)
    then = first_kept(lambda hours: samples(store, key, hours), before)
    return Shown([], then, samples(store, key, after, telling))


def telling_categories(store: Store, fleet: Fleet, place: Place, after: Hours, moved: Moved) -> Sequence[str]:
    """Return the categories of a series that show what moved: the one that came, or those that grew most."""
    known = fleet.known[place]
    usual = known.usual or known.reference
    if known.key.measure.kind != "category" or not isinstance(usual, Usual):
        return []
    if moved.is_up and moved.score in usual.names:
        return [moved.score]
    start, end = (datetime.fromtimestamp(at_s, UTC) for at_s in after)
    of = Filter(known.key.project, known.key.environment, known.key.metric, [place.series])
    names = categories(store, start, end, of)
    return grown(usual, fleet.counted(place, start, end), names)
