"""Learned: what is known of a series, and which reference of it is wanted. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from analytics.series.counts import Place
from analytics.series.kept import Usual
from analytics.series.key import SeriesKey
from analytics.series.references import Reference
from analytics.series.tally import NOTHING, Tally


@dataclass(frozen=True, slots=True)
class Learned:
    """A series and its reference, None while it is warming up.

    Parameters
    ----------
    from_s, until_s
        Learned from these hours, [from, until); `until_s` is 0 while there is no reference. Without one
        `from_s` is the first hour that counts.
    usual, usual_until_s, pool
        Of a series that is watched with others: what was usual of it in its first reference, until when, and
        the number of the series that they are watched as, 0 for none.
    tally
        How much came of it while there is no reference.
    """

    key: SeriesKey
    from_s: int
    until_s: int = 0
    reference: Reference | None = None
    usual: Usual | None = None
    usual_until_s: int = 0
    pool: int = 0
    tally: Tally = NOTHING


@dataclass(frozen=True, slots=True)
class Wanted:
    """A reference that is to be learned.

    Parameters
    ----------
    start, end
        From these hours, [start, end): midnights.
    incidents
        From these not: [start, end) in seconds since the epoch.
    """

    place: Place
    start: datetime
    end: datetime
    incidents: Sequence[tuple[int, int]] = ()
