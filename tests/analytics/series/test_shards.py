"""What is counted where traces are spread over shards adds up to what is counted in one place.

A project stands for a shard: nothing is counted across projects.
"""

from collections import Counter
from typing import Any

import numpy as np
import pytest
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from analytics.series.summaries import Summaries
from collector.store.store import Store
from tests.analytics.detectors.conversation import Conversation
from tests.analytics.detectors.looking import assembled
from tests.analytics.series.counting import LATER
from tests.analytics.series.speech import texts

SHARDS = ("first shard", "second shard")
COUNTS = """
SELECT project, agent, operation, subject, metric, category, bin, sum(n) AS calls, sum(traces) AS of_traces
FROM drift_counts
WHERE (project, hour, version) IN (
    SELECT project, hour, max(version) FROM drift_counts GROUP BY project, hour)
GROUP BY project, agent, operation, subject, metric, category, bin"""
SKETCHES = "SELECT project, n, traces, sums, products FROM drift_sketches FINAL"
WORDS = """
SELECT project, hash, sum(n) AS texts_n FROM drift_words FINAL
ARRAY JOIN hashes AS hash, texts AS n
GROUP BY project, hash"""


def conversation(number: int) -> list[Span]:
    talk = Conversation()
    for turn in range(1 + number % 4):
        talk.model(
            "search" if turn % 2 else "", answer=texts()[10 * number + turn], input_tokens=90 + 7 * number
        )
        talk.tool(("search", "read")[number % 2], {}, "ok", error="TimeoutError" if number % 5 == 0 else None)
    return talk.ended()


@pytest.fixture
def spread(store: Store, load: Any) -> Store:
    traces = [conversation(number) for number in range(24)]
    for project, some in (("whole", traces), (SHARDS[0], traces[::2]), (SHARDS[1], traces[1::2])):
        load(*(one for spans in some for one in spans), project=project)
    assembled(store)
    Summaries(store).refresh(LATER)
    return store


def test_numbers_categories_and_traces_add_up(spread: Store) -> None:
    whole, shards = Counter[Any](), Counter[Any]()
    for row in spread.query(COUNTS):
        of = tuple(row[name] for name in ("agent", "operation", "subject", "metric", "category", "bin"))
        into = whole if row["project"] == "whole" else shards
        into[(*of, "calls")] += row["calls"]
        into[(*of, "traces")] += row["of_traces"]

    assert len({key[3] for key in whole}) > 12
    assert shards == whole


def test_sketches_and_words_add_up(spread: Store) -> None:
    rows = {row["project"]: row for row in spread.query(SKETCHES)}
    frequencies = Counter[Any]()
    for row in spread.query(WORDS):
        frequencies[row["hash"]] += row["texts_n"] * (1 if row["project"] == "whole" else -1)

    assert rows["whole"]["n"] > 20
    for name in ("n", "traces", "sums", "products"):
        total = sum(np.array(rows[shard][name]) for shard in SHARDS)
        np.testing.assert_allclose(total, rows["whole"][name], rtol=1e-4, atol=1e-4)
    assert set(frequencies.values()) == {0}
