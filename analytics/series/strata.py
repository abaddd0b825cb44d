"""Strata: whether a drift is another mix of the traffic or what each part of it does, by some traces' calls.

Of either time a bounded number of traces is drawn, and their steps are read by key, whatever else is stored.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

import numpy as np

from analytics.drift.effect import hour_class
from analytics.drift.mix_strata import Calls
from analytics.drift.mix_verdict import Verdict, verdict
from analytics.series.counts import HOUR_S
from analytics.series.in_traces import Hours, asked_of, first_kept
from analytics.series.key import SeriesKey
from collector.store.rows import Rows
from collector.store.statement import statement
from collector.store.store import Store

# Traces that are read of either time, drawn by chance where there are more, and steps that these have.
TRACES_MAX = 2_000
STEPS_MAX = 200_000
_NAME_MAX = 200
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
        Times of before: the first of which steps are stored.
    """
    unit = key.measure.unit
    hours = np.arange(after[0] // HOUR_S, after[1] / HOUR_S, dtype=np.float64)
    asked = {
        "classes": np.unique(hour_class(hours)).tolist(),
        "traces_max": TRACES_MAX,
        "categories": list(categories),
        "is_log": unit in _LOGS,
        "least": _LOGS.get(unit, 0.0),
        "is_of_traces": key.metric in _OF_TRACES,
    }

    def read(hours: Hours) -> Calls:
        about = asked_of(key, hours) | asked
        traces = _bounded(store.query(statement(__package__, "drawn_traces.sql"), about))
        rows = store.query(statement(__package__, "calls_of_traces.sql"), about | {"traces": traces})
        return _calls(rows, key.metric)

    then, now = first_kept(read, before), read(after)
    return verdict(then, now) if len(then) and len(now) else None


def _bounded(drawn: Rows) -> Sequence[str]:
    """Return as many of the traces, in the order that they were drawn in, as have few enough steps in all."""
    sizes: dict[str, int] = {}
    for row in drawn:
        sizes[row["trace"]] = max(row["spans"], sizes.get(row["trace"], 0))
    found, left = [], STEPS_MAX
    for trace, steps in sizes.items():
        if steps <= left:
            found.append(trace)
            left -= steps
    return found


def _calls(rows: Rows, metric: str) -> Calls:
    """Return the calls that were measured, with their strata."""
    used = _used(rows, metric)
    measured = [row for row in rows if row["calls"]]
    numbers = {trace: number for number, trace in enumerate(dict.fromkeys(row["trace"] for row in measured))}
    names: dict[str, list[str]] = {
        "version": [row["of_version"] for row in measured],
        "user": [row["of_user"] for row in measured],
        "input length": [row["of_length"] for row in measured],
    }
    for by, of in used.items():
        names[by] = [of.get(row["trace"], "") if row["uses_others"] else "" for row in measured]
    hours, n, totals = (
        np.array([row[name] for row in measured], np.float64) for name in ("hour_h", "calls", "total")
    )
    traces = np.array([numbers[row["trace"]] for row in measured], np.int64)
    return Calls(traces, hours, n, totals, {by: np.array(some, object) for by, some in names.items()})


def _used(rows: Rows, metric: str) -> dict[str, Mapping[str, str]]:
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
