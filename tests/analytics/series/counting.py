"""What is counted of an hour, through real loading and assembly."""

from collections import Counter
from datetime import datetime, timedelta
from typing import Any

import numpy as np

from analytics.drift.bins import bins_of
from analytics.series.summaries import Summaries
from collector.store.store import Store
from tests.analytics.detectors.looking import assembled
from tests.analytics.rows import NOW

LATER = NOW + timedelta(hours=1, minutes=6)
COUNTS = """
SELECT project, agent, operation, subject, metric, agent_version, category, bin,
    sum(n) AS n, sum(traces) AS traces
FROM drift_counts
WHERE (project, hour, version) IN (
    SELECT project, hour, max(version) FROM drift_counts GROUP BY project, hour)
GROUP BY project, agent, operation, subject, metric, agent_version, category, bin
"""


def counted(store: Store, now: datetime = LATER, counter: Summaries | None = None) -> list[dict[str, Any]]:
    assembled(store)
    (counter or Summaries(store)).refresh(now)
    return list(store.query(COUNTS))


def of(rows: list[dict[str, Any]], metric: str, agent: str = "coder") -> Counter[tuple[str, int]]:
    found: Counter[tuple[str, int]] = Counter()
    for row in rows:
        if row["metric"] == metric and row["agent"] == agent and row["n"]:
            found[row["category"], row["bin"]] += row["n"]
    return found


def bin_of(value: float) -> int:
    return int(bins_of(np.array([value]))[0])
