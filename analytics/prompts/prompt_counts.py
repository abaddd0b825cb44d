"""Counts with which prompts and sets of tools agents asked their models, an hour at a time."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

import pyarrow as pa

from analytics.prompts.asked import asked_with
from analytics.prompts.fingerprint import Asked, Fingerprint, fingerprints, prompt_parts, tool_parts
from collector.store.statement import statement
from collector.store.store import Store

# Of an hour: calls of an agent, agents of a project, and of all projects, which take turns. What a tenth of
# the calls of an agent have is seen.
CALLS_MAX = 40
AGENTS_MAX = 50
ALL_MAX = 300
# Calls of an hour that are drawn from.
CANDIDATES_MAX = 1_000_000
# Calls whose texts are in memory at once.
_PORTION = 50
_HASH_MAX = 2**64 - 1


class Asker(NamedTuple):
    """Whose prompts of which hour they are."""

    project: str
    hour: datetime
    environment: str
    agent: str


class PromptCounts:
    """Writes `prompt_fingerprints`; an hour that is counted once more replaces what is the same."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def count(self, version: int, steps: int) -> None:
        """Count the fingerprints of a sample of the calls to models among the gathered steps.

        Parameters
        ----------
        steps
            How many the hours have, of all kinds.
        """
        askers = sampled_calls(self._store, steps)
        rows = [
            asker._asdict() | {"version": version, "what": what} | _columns(one)
            for some in _portions(askers)
            for asker, what, calls in self._asked(some)
            for one in fingerprints(calls)
        ]
        if rows:
            self._store.insert("prompt_fingerprints", _table(rows))

    def _asked(self, askers: Mapping[Asker, Sequence[str]]) -> Iterator[tuple[Asker, str, Sequence[Asked]]]:
        """Yield with which prompts and with which sets of tools each agent asked."""
        # an agent's calls mostly have the same
        of_prompt = cache(prompt_parts)
        every = [place for places in askers.values() for place in places]
        found = {
            place: (Asked(place[:32], of_prompt(one.prompt)), Asked(place[:32], tool_parts(one.tools)))
            for place, one in asked_with(self._store, every)
        }
        for asker, places in askers.items():
            known = [found[place] for place in places if place in found]
            yield asker, "prompt", [prompt for prompt, _ in known]
            yield asker, "tool set", [tools for _, tools in known]


def sampled_calls(store: Store, steps: int = 1) -> Mapping[Asker, Sequence[str]]:
    """Return the places of a sample of calls to models among the gathered steps, by whose they are.

    Parameters
    ----------
    steps
        How many the hours have, of all kinds, where it may be many.
    """
    bounds = {
        "calls_max": CALLS_MAX,
        "agents_max": AGENTS_MAX,
        "all_max": ALL_MAX,
        "hash_max": min(_HASH_MAX, _HASH_MAX * CANDIDATES_MAX // max(1, steps)),
    }
    rows = store.query(statement(__package__, "sampled_calls.sql"), bounds)
    return {Asker(*(row[name] for name in Asker._fields)): row["places"] for row in rows}


def calls_of_agent(store: Store, project: str, environment: str, agent: str, hour_s: int) -> Sequence[str]:
    """Return the places of the calls that `sampled_calls` takes of an agent's hour, of all that is stored."""
    bounds = {
        "project": project,
        "environment": environment,
        "agent": agent,
        "hour_s": hour_s,
        "calls_max": CALLS_MAX,
    }
    return [row["place"] for row in store.query(statement(__package__, "calls_of_agent.sql"), bounds)]


def _portions(askers: Mapping[Asker, Sequence[str]]) -> Iterator[Mapping[Asker, Sequence[str]]]:
    """Yield askers in portions whose texts are in memory at once."""
    portion: dict[Asker, Sequence[str]] = {}
    for asker, places in askers.items():
        portion[asker] = places
        if sum(map(len, portion.values())) >= _PORTION:
            yield portion
            portion = {}
    if portion:
        yield portion


def _columns(one: Fingerprint) -> dict[str, Any]:
    return {
        "fingerprint": one.name,
        "calls": one.calls,
        "traces": one.traces,
        "some_traces": one.some_traces,
        "part_names": [part.name for part in one.parts],
        "part_hashes": [part.hash for part in one.parts],
    }


_TYPES = {
    "hour": pa.timestamp("s", "UTC"),
    "version": pa.uint64(),
    "calls": pa.uint32(),
    "traces": pa.uint32(),
    "some_traces": pa.list_(pa.uint64()),
    "part_names": pa.list_(pa.string()),
    "part_hashes": pa.list_(pa.uint64()),
}


def _table(rows: Sequence[Mapping[str, Any]]) -> pa.Table:
    return pa.table(
        {name: pa.array([row[name] for row in rows], _TYPES.get(name, pa.string())) for name in rows[0]}
    )
