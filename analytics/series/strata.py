"""Strata: whether a drift is what each part of the traffic does, or another mix of them."""

from collections.abc import Mapping, Sequence
from itertools import groupby
from operator import itemgetter

import numpy as np

from analytics.api.drift_models import MixPart
from analytics.drift.mix import kitagawa
from analytics.series.in_traces import Hours, asked_of, first_kept
from analytics.series.key import SeriesKey
from collector.store.rows import Row, Rows
from collector.store.statement import statement
from collector.store.store import Store

# Calls, and of agents calls of traces, that are read of either time; drawn by chance where there are more.
STEPS_MAX = 100_000
STEPS_OF_TRACES_MAX = 20_000
# Of a key so many strata stand alone, with so many calls each; the rest is one.
STRATA_MAX = 50
CALLS_MIN = 5
_READ_MAX = 1_000
# What has a model or a tool for its subject uses no other.
_CALLS = ("tool", "llm", "embedding")
_OF_CALLS = (
    "duration",
    "time to first token",
    "input tokens",
    "output tokens",
    "reasoning tokens",
    "cost",
    "retries",
    "outcome",
    "finish reason",
)
_OF_TRACES = ("steps", "tool calls", "model calls", "tool", "next agent")
# Of these a mean is of logarithms, from so much on.
_LOGS = {"s": 1e-6, "tokens": 1.0, "USD": 1e-6}

Both = tuple[Rows, Rows]


def mix(
    store: Store, key: SeriesKey, before: Sequence[Hours], after: Hours, categories: Sequence[str]
) -> list[MixPart]:
    """Return how much of a difference is the traffic's mix, by each key that has more than one stratum.

    By version, user and input length of its calls; of what uses models and tools (agents, roots, what an
    agent does in a trace) also by those.

    Parameters
    ----------
    before
        Times of before: the first of which steps are stored.
    categories
        Of a category: those whose share it is about.
    """
    found: dict[str, MixPart] = {}
    asked = _asked(key, categories)
    has_spans = key.metric in _OF_CALLS
    if has_spans:
        both = _read(store, "strata_of_calls.sql", key, before, after, asked | {"steps_max": STEPS_MAX})
        found = _parts(both)
    if key.metric in _OF_TRACES or (has_spans and _uses_others(both)):
        asked |= {"steps_max": STEPS_OF_TRACES_MAX, "has_spans": has_spans}
        found |= _parts(_read(store, "strata_of_traces.sql", key, before, after, asked))
    return list(found.values())


def _asked(key: SeriesKey, categories: Sequence[str]) -> dict[str, object]:
    unit = key.measure.unit
    return {
        "categories": list(categories),
        "is_log": unit in _LOGS,
        "least": _LOGS.get(unit, 0.0),
        "strata_max": _READ_MAX,
    }


def _read(
    store: Store, name: str, key: SeriesKey, before: Sequence[Hours], after: Hours, asked: dict[str, object]
) -> Both:
    def read(hours: Hours) -> Rows:
        return store.query(statement(__package__, name), asked_of(key, hours) | asked)

    return first_kept(read, before), read(after)


def _uses_others(both: Both) -> bool:
    """Whether a series is of agents, or of others that have calls of models and tools in them."""
    return any(row["of_kind"] not in _CALLS for rows in both for row in rows[:1])


def _parts(both: Both) -> dict[str, MixPart]:
    by_key = [
        {by: list(some) for by, some in groupby(sorted(rows, key=itemgetter("by")), itemgetter("by"))}
        for rows in both
    ]
    before, after = by_key
    parts = {by: _part(by, (before[by], after[by])) for by in before if by in after}
    return {by: part for by, part in parts.items() if part}


def _part(by: str, both: Sequence[Sequence[Row]]) -> MixPart | None:
    """Return the parts of the difference by one key, None where there are no two strata."""
    of_sides = [{row["name"]: (row["calls"], row["total"]) for row in rows} for rows in both]
    calls_of = {
        name: sum(side.get(name, (0, 0.0))[0] for side in of_sides) for name in of_sides[0] | of_sides[1]
    }
    most = sorted(calls_of, key=lambda name: -calls_of[name])[:STRATA_MAX]
    alone = [name for name in most if calls_of[name] >= CALLS_MIN]
    sides = np.array([_side(rows[0], side, alone) for rows, side in zip(both, of_sides, strict=True)])
    sides = sides[:, :, sides[:, 0].any(0)]
    calls, totals = sides[:, 0], sides[:, 1]
    if calls.shape[1] < 2:
        return None
    means = np.divide(totals, calls, out=np.zeros(calls.shape), where=calls > 0)
    parts = kitagawa(calls / calls.sum(1, keepdims=True), means)
    return MixPart(by=by, mix=parts.mix, behaviour=parts.behaviour)


def _side(
    of_all: Mapping[str, float], strata: Mapping[str, tuple[float, float]], alone: Sequence[str]
) -> tuple[list[float], list[float]]:
    """Return calls and sums of strata, the rest of all as the last one."""
    calls, totals = ([strata.get(name, (0, 0.0))[place] for name in alone] for place in (0, 1))
    rest = of_all["calls_of_all"] - sum(calls)
    return [*calls, rest], [*totals, of_all["total_of_all"] - sum(totals) if rest else 0.0]
