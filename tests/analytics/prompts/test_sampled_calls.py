"""Which calls are read for their prompts: every hour has its own bounds, whatever others beside it hold."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest

from analytics.prompts import prompt_counts
from analytics.prompts.prompt_counts import Asker, calls_of_agent, sampled_calls
from analytics.series.gathered import gathered
from collector.store.store import Store
from tests.analytics.rows import NOW, insert, step

BUSY = NOW.replace(minute=0) - timedelta(hours=1)
CALLS = {"kind": "llm", "operation": "chat", "environment": "production"}


def call(number: int, project: str, agent: str, *, ended_ago_s: float) -> dict[str, Any]:
    return step(number, ended_ago_s=ended_ago_s, duration_s=1, project=project, agent=agent, **CALLS)


def sampled(store: Store, first: datetime, hours: int = 1) -> Mapping[Asker, Sequence[str]]:
    with gathered(store, first, hours):
        return sampled_calls(store)


@pytest.fixture
def calls(store: Store) -> Store:
    """An hour of nine projects, of which the first has three agents, and one of two that sort last."""
    busy = [f"a{number}" for number in range(9)] + ["a0", "a0"]
    rows = [call(n, project, f"agent {n}", ended_ago_s=3600) for n, project in enumerate(busy)]
    rows += [call(20 + n, project, "agent", ended_ago_s=60) for n, project in enumerate(("y", "z"))]
    insert(store, "steps", rows)
    return store


def test_a_busy_hour_takes_no_place_of_another(calls: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prompt_counts, "ALL_MAX", 4)

    together = sampled(calls, BUSY, 2)

    assert together == {**sampled(calls, BUSY), **sampled(calls, BUSY + timedelta(hours=1))}
    assert sorted(one.project for one in together) == ["a0", "a1", "a2", "a3", "y", "z"]


def test_of_a_project_so_many_agents_are_read(calls: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prompt_counts, "AGENTS_MAX", 2)

    found = sampled(calls, BUSY)

    assert [one.project for one in found].count("a0") == 2
    assert len(found) == 10


def test_of_one_agent_the_same_calls_are_read_later(calls: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prompt_counts, "CALLS_MAX", 3)
    insert(calls, "steps", [call(100 + n, "y", "agent", ended_ago_s=60) for n in range(20)])
    hour = NOW.replace(minute=0)

    (places,) = (places for asker, places in sampled(calls, hour).items() if asker.project == "y")

    assert calls_of_agent(calls, "y", "production", "agent", int(hour.timestamp())) == list(places)
    assert len(places) == 3
