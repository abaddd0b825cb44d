"""Which series are compared since which known changes. Pure."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta

from analytics.api.models import Deployment
from analytics.fingerprint import fingerprint
from analytics.period import Period
from analytics.series.counts import Place
from analytics.series.key import SeriesKey
from analytics.series.looked import Since

# For so long series are compared since a change, and since so many of the latest at once.
COMPARED = timedelta(days=14)
CHANGES_OF_SERIES_MAX = 3


def change_id(change: Deployment) -> str:
    """Return what names a change for good: one that was only seen has no id of its own."""
    names = change.what, change.environment, change.agent, change.version, change.at
    return change.id or fingerprint(*names)


def concerns(change: Deployment, key: SeriesKey, agents: Collection[str] = ()) -> bool:
    """Return whether a change may be to blame for what a series does.

    Parameters
    ----------
    agents
        Those whose calls it is made of, of a pool.
    """
    is_of_agent = change.agent in ("", key.agent) or change.agent in agents
    return is_of_agent and change.environment in ("", key.environment)


def at_s(change: Deployment) -> int:
    """Return its time in seconds since the epoch."""
    return int(datetime.fromisoformat(change.at).timestamp())


def compared_since(
    changes: Sequence[Deployment],
    series: Mapping[Place, SeriesKey],
    agents: Mapping[Place, Collection[str]],
) -> list[Since]:
    """Return which series are compared since which changes.

    Parameters
    ----------
    changes
        The latest first.
    agents
        Of pools, those whose changes they are compared since.
    """
    found: list[Since] = []
    for place, key in series.items():
        own = [one for one in changes if concerns(one, key, agents.get(place, ()))]
        # of a deployment a version, a prompt and tools may be new at once: one comparison is of all of them
        moments = {at_s(one): one for one in reversed(own)}
        latest = sorted(moments, reverse=True)[:CHANGES_OF_SERIES_MAX]
        found += [Since(place, change_id(moments[at]), at) for at in latest]
    return found


def series_of(since: Iterable[Since]) -> Counter[tuple[str, str]]:
    """Return how many series of a project are compared since each change."""
    return Counter((one.place.project, one.change) for one in since)


def period_before(hour_s: int, length: timedelta = COMPARED) -> Period:
    """Return the period that ends with an hour, given by its end."""
    end = datetime.fromtimestamp(hour_s, UTC)
    return Period(end - length, end)
