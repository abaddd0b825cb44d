"""What the traces behind a drift show: samples of before and after, and the mix of the traffic."""

from collections.abc import Mapping, Sequence
from itertools import groupby
from operator import itemgetter

import numpy as np

from analytics.api.drift_models import MixPart
from analytics.drift.mix import kitagawa
from analytics.series.key import SeriesKey
from collector.store.statement import statement
from collector.store.store import Store

TRACES_MAX = 5
# Steps that are looked at for either; drawn by chance where there are more.
STEPS_MAX = 100_000
STRATA_MAX = 50
_S = 1_000_000_000

Hours = tuple[int, int]


def samples(
    store: Store, key: SeriesKey, hours: Hours, moved: str, *, is_up: bool, is_category: bool
) -> list[str]:
    """Return traces of a series in [first, end), in seconds since the epoch: those that show what moved."""
    parameters = {
        **_of(key),
        "from_ns": hours[0] * _S,
        "until_ns": hours[1] * _S,
        "category": moved,
        "order": 1 if is_up or is_category else -1,
        "steps_max": STEPS_MAX,
        "traces_max": TRACES_MAX,
    }
    return [row["trace"] for row in store.query(statement(__package__, "samples.sql"), parameters)]


def mix(store: Store, key: SeriesKey, before: Hours, after: Hours) -> list[MixPart]:
    """Return how much of the difference is the traffic's mix, by each key that has more than one stratum.

    Means are of logarithms, of errors of shares: parts of the difference in those.
    """
    parameters = {
        **_of(key),
        "before_from_ns": before[0] * _S,
        "before_until_ns": before[1] * _S,
        "after_from_ns": after[0] * _S,
        "after_until_ns": after[1] * _S,
        "steps_max": STEPS_MAX,
        "strata_max": STRATA_MAX,
    }
    rows = sorted(store.query(statement(__package__, "mix.sql"), parameters), key=itemgetter("by"))
    found = {by: _parts(by, list(some)) for by, some in groupby(rows, itemgetter("by"))}
    return [part for part in found.values() if part]


def _parts(by: str, rows: Sequence[Mapping[str, float]]) -> MixPart | None:
    calls = np.array([[row["calls_before"] for row in rows], [row["calls_after"] for row in rows]], float)
    if len(rows) < 2 or not calls.sum(1).all():
        return None
    means = np.array([[row["mean_before"] for row in rows], [row["mean_after"] for row in rows]], float)
    parts = kitagawa(calls / calls.sum(1, keepdims=True), np.nan_to_num(means))
    return MixPart(by=by, mix=parts.mix, behaviour=parts.behaviour)


def _of(key: SeriesKey) -> dict[str, object]:
    return dict(key._asdict().items())
