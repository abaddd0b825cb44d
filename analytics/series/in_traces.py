"""What the traces behind a drift show: samples of before and since."""

from collections.abc import Callable, Sequence, Sized
from typing import NamedTuple, TypeVar

from analytics.series.key import SeriesKey
from collector.store.statement import statement
from collector.store.store import Store

TRACES_MAX = 5
# Steps that are looked at for them.
STEPS_MAX = 100_000
_S = 1_000_000_000

Hours = tuple[int, int]
Read = TypeVar("Read", bound=Sized)


class Telling(NamedTuple):
    """Which calls show what moved: those of some categories, or the largest values, or the smallest."""

    categories: Sequence[str] = ()
    is_largest: bool = True


def samples(store: Store, key: SeriesKey, hours: Hours, telling: Telling | None = None) -> list[str]:
    """Return traces of a series in [first, end), in seconds since the epoch.

    Parameters
    ----------
    telling
        Those that show it most come first; without it they are drawn by chance.
    """
    order = 0 if telling is None else 1 if telling.is_largest or telling.categories else -1
    parameters = asked_of(key, hours) | {
        "categories": list(telling.categories) if telling else [],
        "order": order,
        "steps_max": STEPS_MAX,
        "traces_max": TRACES_MAX,
    }
    return [row["trace"] for row in store.query(statement(__package__, "samples.sql"), parameters)]


def first_kept(read: Callable[[Hours], Read], windows: Sequence[Hours]) -> Read:
    """Return what is read of the first of some times of which anything is stored."""
    found = read(windows[0])
    for hours in windows[1:]:
        if len(found):
            break
        found = read(hours)
    return found


def asked_of(key: SeriesKey, hours: Hours) -> dict[str, object]:
    """Return parameters of statements about the steps of a series in [first, end)."""
    return {**key._asdict(), "from_ns": hours[0] * _S, "until_ns": hours[1] * _S}
