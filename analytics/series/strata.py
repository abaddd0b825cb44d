"""Strata: whether a drift is another mix of the traffic or what each part of it does, by some traces' calls.

Of either time a bounded number of traces is drawn, and their steps are read by key, whatever else is stored.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

import numpy as np

from analytics.drift.mix_strata import Calls
from analytics.drift.mix_verdict import Verdict, verdict
from analytics.series.drawn_traces import drawn_traces
from analytics.series.in_traces import Hours, asked_of
from analytics.series.key import SeriesKey
from collector.store.rows import Row
from collector.store.statement import statement
from collector.store.store import Store

_NAME_MAX = 200
# Strata of a call itself, and how they are read.
_OWN = {"version": "of_version", "user": "of_user", "input length": "of_length"}
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
_CHOICES = ("tool", "next agent")
_OF_TRACES = ("steps", "tool calls", "model calls")
# Of these a mean is of logarithms, from so much on.
_LOGS = {"s": 1e-6, "tokens": 1.0, "USD": 1e-6}


def has_strata(key: SeriesKey, categories: Sequence[str]) -> bool:
    """Return whether steps have what a series measures, and so the strata of it.

    Parameters
    ----------
    categories
        Of a category: those whose share it is about.
    """
    is_told = key.measure.kind == "numeric" or bool(categories)
    return key.metric in (*_OF_CALLS, *_CHOICES, *_OF_TRACES) and is_told


def mix(
    store: Store, key: SeriesKey, before: Sequence[Hours], after: Hours, categories: Sequence[str]
) -> Verdict | None:
    """Return whether a difference of a series that `has_strata` is another mix, by each key of them.

    By version, user and input length of its calls; of what uses models and tools (agents, roots, what an
    agent does in a trace) also by those.

    Parameters
    ----------
    before
        Times of before: the first of which traces are stored.
    """
    drawn = ((hours, drawn_traces(store, key, hours, like=after)) for hours in before)
    then, traces = next((one for one in drawn if one[1]), (before[0], ()))
    unit = key.measure.unit
    asked = asked_of(key, then) | {
        "since_s": after[0],
        "now_s": after[1],
        "traces": [*traces, *drawn_traces(store, key, after, like=after)],
        "categories": list(categories),
        "is_log": unit in _LOGS,
        "least": _LOGS.get(unit, 0.0),
        "is_of_traces": key.metric in _OF_TRACES,
    }
    usual, since = _calls(list(store.query(statement(__package__, "calls_of_traces.sql"), asked)), key.metric)
    return verdict(usual, since) if len(usual) and len(since) else None


def _calls(rows: Sequence[Row], metric: str) -> tuple[Calls, Calls]:
    """Return the calls that were measured before and since, with their strata."""
    measured = [row for row in rows if row["calls"]]
    names = {by: [row[name] for row in measured] for by, name in _OWN.items()}
    for by, of in _used(rows, metric).items():
        names[by] = [of.get(row["trace"], "") if row["uses_others"] else "" for row in measured]
    _, traces = np.unique([row["trace"] for row in measured], return_inverse=True)
    hours, n, totals = (
        np.array([row[name] for row in measured], np.float64) for name in ("hour_h", "calls", "total")
    )
    every = Calls(traces, hours, n, totals, {by: np.array(some, object) for by, some in names.items()})
    is_since = np.array([row["is_since"] for row in measured], bool)
    return every.of(~is_since), every.of(is_since)


def _used(rows: Sequence[Row], metric: str) -> dict[str, Mapping[str, str]]:
    """Return by key what each trace uses: the commonest model, and the set of tools.

    Of how many calls there are, which grows with that set, it is the commonest tool.
    """
    used: dict[str, defaultdict[str, Counter[str]]] = {
        name: defaultdict(Counter) for name in ("used_model", "used_tool")
    }
    for row in rows:
        for name, of in used.items():
            if row[name]:
                of[row["trace"]][row[name]] += row["steps"]
    models, tools = used.values()
    found: dict[str, Mapping[str, str]] = {"model": {trace: _most(of) for trace, of in models.items()}}
    if metric in _OF_TRACES:
        found["tool"] = {trace: _most(of) for trace, of in tools.items()}
    elif metric != "tool":
        found["tools"] = {trace: ", ".join(sorted(of))[:_NAME_MAX] for trace, of in tools.items()}
    return found


def _most(of: Counter[str]) -> str:
    return min(of, key=lambda name: (-of[name], name))
