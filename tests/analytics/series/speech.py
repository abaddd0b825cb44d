"""What a model says by the hour: docstrings of installed packages, no one twice; as the service counts it."""

import re
import sysconfig
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from analytics.drift.text import BASIS_VERSION, hashes, shipped_basis, sketch
from analytics.series.key import SeriesKey
from collector.store.store import Store
from tests.analytics.series.invented import numbers, write
from tests.builders import SECOND, span

HOUR_S = 3600
DAY_S = 24 * HOUR_S
SAYS = SeriesKey("default", "", "coder", "chat", "gpt-5", "text content")
REFUSALS = (
    "I'm sorry, but I can't help with that request.",
    "I cannot assist with this. Please ask something else.",
    "Unfortunately, I am unable to provide this information.",
    "As an AI language model, I can't do that, sorry.",
)
_PACKAGES = ("numpy", "scipy", "pandas", "sqlalchemy", "altair", "streamlit")
_QUOTED = re.compile(r'"""(.*?)"""', re.DOTALL)
_BASIS = shipped_basis()
_UPPER = np.triu_indices(64)


@cache
def texts() -> tuple[str, ...]:
    """Return different texts, in an order by chance."""
    found = dict.fromkeys(_docstrings())
    return tuple(np.random.default_rng(0).permutation(np.array(list(found), object)).tolist())


def _docstrings() -> Iterator[str]:
    for package in _PACKAGES:
        for path in sorted((Path(sysconfig.get_path("purelib")) / package).rglob("*.py")):
            # quicker than parsing them
            for said in _QUOTED.findall(path.read_text(errors="replace")):
                if 120 <= len(said) <= 4_000:
                    yield said


def stream(per_hour: float, seed: int, changed: Callable[[int, str], str]) -> Callable[[int], list[str]]:
    """Return what is said in each hour, asked one after another: about so many fresh texts, as changed."""
    chance, fresh = np.random.default_rng(seed), iter(texts())

    def of(hour_s: int) -> list[str]:
        return [changed(hour_s, next(fresh)) for _ in range(chance.poisson(per_hour))]

    return of


def keep(
    store: Store,
    said: dict[int, list[str]],
    *,
    key: SeriesKey = SAYS,
    version: int = 1,
    basis: int = BASIS_VERSION,
) -> None:
    """Keep sketches and frequencies of what a speaker said in hours."""
    sketches, words = [], []
    for hour_s, some in said.items():
        if not some:
            continue
        hashed = [hashes(one) for one in some]
        each = np.stack([sketch(one, _BASIS) for one in hashed])
        of = {name: getattr(key, name) for name in SeriesKey._fields[:-1]}
        of |= {"hour": hour_s, "version": version, "n": len(some)}
        sums = {"sums": each.sum(0), "products": (each.T @ each)[_UPPER]}
        sketches.append(of | sums | {"traces": len(some), "basis": basis})
        found, n = np.unique(np.concatenate(hashed), return_counts=True)
        words.append(of | {"hashes": found, "texts": n})
    first_s = min(said)
    # what is counted of calls is where looking begins
    write(store, numbers(key._replace(metric="duration"), first_s, np.array([1.0])))
    store.insert("drift_sketches", _table(sketches))
    store.insert("drift_words", _table(words))


def _table(rows: list[dict[str, Any]]) -> pa.Table:
    table = pa.Table.from_pylist(rows)
    hours = table.column("hour").cast(pa.timestamp("s", "UTC"))
    return table.set_column(table.column_names.index("hour"), "hour", hours)


def calls(hour_s: int, said: list[str]) -> Iterator[Span]:
    """Return calls of a model that say it, each of a trace of its own."""
    for place, text in enumerate(said):
        start_ns = (hour_s + 10 + place) * SECOND
        about = {
            "gen_ai.operation.name": "chat",
            "gen_ai.request.model": "gpt-5",
            "gen_ai.agent.name": "coder",
            "gen_ai.output.messages": text,
        }
        yield span("chat gpt-5", about, start_ns=start_ns, end_ns=start_ns + SECOND)
