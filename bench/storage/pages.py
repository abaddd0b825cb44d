"""The product's own reads: pages of the list of traces, a trace, a span."""

import random
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

from analytics.traces.reader import TraceFilters, TraceReader
from bench.storage.meter import Cost, cost
from bench.storage.segments import PROJECT
from bench.storage.spans import AGENTS, RARE_AGENT
from collector.store.statement import statement
from collector.store.store import Store

READS = 7
PAGE = 50


def costs(store: Store, folder: Path, newest: datetime, days: int) -> Iterator[tuple[str, Cost]]:
    """Yield each of the reads with what it costs."""
    reader, chance = TraceReader(store, PROJECT), random.Random(0)
    places = store.query(statement(__package__, "random_spans.sql"), {"spans": READS})
    for name, reads in _reads(reader, chance, places, newest, days).items():
        yield name, cost(store, folder, reads)


def _reads(
    reader: TraceReader, chance: random.Random, places: list[dict[str, str]], newest: datetime, days: int
) -> dict[str, list[Callable[[], object]]]:
    agents = [chance.choice(AGENTS[:20]) for _ in range(READS)]
    ends = [newest - timedelta(days=chance.randrange(max(1, days - 1))) for _ in range(READS)]
    filters = {
        "latest 50 traces": [TraceFilters()] * READS,
        "latest 50 traces of an agent": [TraceFilters(agent=agent) for agent in agents],
        "latest 50 traces of an agent that has 1 of 1,000": [TraceFilters(agent=RARE_AGENT)] * READS,
        "failed traces of a day, the first 50": [
            TraceFilters(end - timedelta(days=1), end, status="error") for end in ends
        ],
        "the same of the last 24 hours, of an agent": [
            TraceFilters(newest - timedelta(days=1), newest, agent=agent, status="error") for agent in agents
        ],
    }
    return {
        "a trace by its id (the page's spans)": [
            lambda place=place: _found(reader.trace(place["trace"])) for place in places
        ],
        "everything of a span": [
            lambda place=place: _found(reader.span(place["trace"], place["span"])) for place in places
        ],
        **{
            name: [lambda one=one: reader.page(one, None, PAGE) for one in several]
            for name, several in filters.items()
        },
    }


def _found(answer: object | None) -> None:
    if answer is None:
        raise LookupError("a span that is stored was not found")
