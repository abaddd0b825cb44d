"""A Tuesday and the Wednesday after it of an agent: what one tool does has changed, another's has not."""

import os
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import numpy as np
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from analytics.series.summaries import Summaries
from collector.store.store import Store
from tests.analytics.detectors.looking import assembled
from tests.analytics.rows import NOW
from tests.builders import SECOND, span

_MIDNIGHT = NOW.replace(hour=0, minute=0)
# the latest whole Wednesday
WEDNESDAY = _MIDNIGHT - timedelta(days=(_MIDNIGHT.weekday() - 3) % 7 + 1)
TUESDAY = WEDNESDAY - timedelta(days=1)
BEFORE, AFTER = (f"{day:%Y-%m-%d}..{day:%Y-%m-%d}" for day in (TUESDAY, WEDNESDAY))
HOSTILE = "[red]<b>|`x`\x1b[31m\u202e"
PER_HOUR = 12


def calls(*, slower: float = 3.0, seed: int = 1) -> Iterator[Span]:
    """Return calls: `search` takes so many times as long on the second day, `read` does not."""
    rng = np.random.default_rng(seed)
    for day, factor, version in ((TUESDAY, 1.0, "1.4.1"), (WEDNESDAY, slower, "1.4.2")):
        for hour in range(6, 22):
            began_s = int((day + timedelta(hours=hour)).timestamp())
            for tool, much in (("search", factor), ("read", 1.0), (HOSTILE, factor)):
                for seconds in rng.lognormal(0, 0.3, PER_HOUR):
                    yield call(tool, began_s + rng.uniform(0, 3000), float(seconds * much), version)
    yield call("rare", TUESDAY.timestamp() + 60, 1, "1.4.1")


def call(tool: str, began_s: float, seconds: float, version: str) -> Span:
    about = {
        "gen_ai.operation.name": "execute_tool",
        "gen_ai.tool.name": tool,
        "gen_ai.agent.name": "coder",
        "gen_ai.agent.version": version,
    }
    start_ns = int(began_s * SECOND)
    end_ns = start_ns + int(seconds * SECOND)
    return span("execute_tool", about, trace_id=os.urandom(16), start_ns=start_ns, end_ns=end_ns)


def counted(store: Store, load: Callable[..., Any]) -> None:
    """Load the two days, of the project `shop` as they were before the change, and count them."""
    load(*calls())
    load(*calls(slower=1.0, seed=2), project="shop")
    assembled(store)
    counter = Summaries(store)
    while counter.refresh(NOW):
        pass
