"""Taint: which spans took in what came of an error, in as many traces as there is time for."""

import time
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple

from analytics.detectors.effect import MUTATING, READING
from analytics.flow.reach import reach
from analytics.flow.reader import TraceSaid, read_said
from analytics.flow.said import CHARACTERS_MAX
from analytics.flow.value_flows import value_flows
from collector.store.statement import statement
from collector.store.store import Store

# Reading a trace's texts takes three statements, and somebody waits for it: so many traces, for so long.
TRACES_MAX = 10
READING_S_MAX = 1.0
# Spans that are named, and calls that change something that are looked for.
SPANS_MAX = 5_000

Row = Mapping[str, Any]


class Taint(NamedTuple):
    """Spans that took something in, as the ids of trace and span in a row, and the traces that were read."""

    spans: Sequence[str]
    traces_read: int


def tainted(store: Store, project: str, newest: Sequence[Row]) -> Taint:
    """Follow what came of an error in the newest traces that have it.

    Parameters
    ----------
    newest
        Of `chain_traces.sql`. Traces of which nothing is captured are not read.
    """
    seeds: defaultdict[str, set[str]] = defaultdict(set)
    for row in newest:
        seeds[row["trace"]] |= seeds_of(row)
    traces = list(seeds)[:TRACES_MAX]
    changes = _changes(store, project, [trace for trace in traces if seeds[trace]])
    until_s = time.monotonic() + READING_S_MAX
    spans: list[str] = []
    read = 0
    for trace in traces:
        if time.monotonic() >= until_s:
            break
        said = read_said(store, project, trace)
        if any(one.given for one in said.spans):
            read += 1
            spans += [trace + span_id for span_id in taken_in(said, seeds[trace], changes[trace])]
    return Taint(spans[:SPANS_MAX], read)


def seeds_of(row: Row) -> set[str]:
    """Return the spans whose answer is bad: the failed call, or who swallowed its error; none if handled."""
    if row["outcome"] in ("root failed", "unknown"):
        return {row["hops"][0]}
    if row["outcome"] == "contained" and row["handling"] in ("consumed", "silent"):
        return {row["stopped_at"]}
    return set()


def taken_in(said: TraceSaid, seeds: Collection[str], changes: Collection[str]) -> set[str]:
    """Return the spans that took in what `seeds` gave, by explicit ids and values: words alone may be chance.

    Parameters
    ----------
    changes
        Calls that change something: each is looked at, not only what an agent took in first.
    """
    if not seeds:
        return set()
    flows = list(value_flows(said.spans, said.task[:CHARACTERS_MAX], changes))
    return {flow.target for seed in seeds for flow in reach(flows, seed)}


def _changes(store: Store, project: str, traces: Sequence[str]) -> Mapping[str, set[str]]:
    found: defaultdict[str, set[str]] = defaultdict(set)
    if traces:
        parameters = {
            "project": project,
            "trace_ids": traces,
            "mutating": MUTATING,
            "reading": READING,
            "rows_max": SPANS_MAX,
        }
        for row in store.query(statement(__package__, "changes_of.sql"), parameters):
            found[row["trace"]].add(row["id"])
    return found
