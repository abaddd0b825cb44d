"""Small hours in a row are counted together, as each would be alone; through real loading and assembly."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from analytics.series import summaries
from analytics.series.summaries import HOUR, Summaries
from collector.store.store import Store
from tests.analytics.detectors.conversation import Conversation
from tests.analytics.detectors.looking import assembled
from tests.analytics.rows import NOW
from tests.builders import SECOND, span

# a day before that of now: all its hours are over
NOON = (NOW - timedelta(days=1)).replace(hour=12, minute=0)
COLUMNS = "project, hour, agent, operation, subject, metric, agent_version, category, bin, n, traces"
COUNTS = f"SELECT {COLUMNS} FROM drift_counts FINAL ORDER BY ALL"
SAID = "SELECT project, hour, agent, n, traces, sums FROM drift_sketches FINAL ORDER BY ALL"
PARTS = "SELECT uniqExact(_part) AS parts FROM drift_counts"


def calls(hour: datetime, number: int) -> list[Any]:
    """Return spans that began in an hour, each hour's own; the last call ends in the next one."""
    talk = Conversation(began_s_ago=(NOW - hour).total_seconds() - 600)
    for place in range(number):
        talk.model(answer=f"The order number {place} is with the courier, and will come on Monday.")
        talk.tool("search" if place % 2 else f"tool {hour:%H}", {"q": place}, "ok", seconds=1 + place)
    talk.pause(2_995 - (talk.now_ns - int(hour.timestamp()) * SECOND) / SECOND)
    talk.tool("slow", {}, "ok", seconds=700)
    start_ns = int(hour.timestamp() + 60) * SECOND
    score = {"gen_ai.evaluation.name": "relevance", "gen_ai.evaluation.score.value": number / 10}
    chat = {"gen_ai.operation.name": "chat", "gen_ai.agent.name": "coder"}
    return [
        *talk.ended(),
        span("chat", chat, start_ns=start_ns, events=[("gen_ai.evaluation.result", score)]),
    ]


def fill(store: Store, load: Any) -> None:
    for number in range(4):
        load(*calls(NOON + number * HOUR, number + 1))
    load(*calls(NOON + HOUR, 2), project="shop")
    assembled(store)


def count(counter: Summaries, *hours: int, now: datetime = NOW) -> list[datetime]:
    """Count hours that are due, and no others; return them in the order in which they were counted."""
    counter._until = NOW
    counter.touch([NOON + hour * HOUR for hour in hours])
    done = []
    # a slow machine takes more than one turn
    while some := counter.refresh(now):
        done += some
    return done


def test_together_they_are_counted_as_alone(store: Store, load: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(store, load)
    done = count(Summaries(store), 0, 1, 2, 3, 4)
    together, said = list(store.query(COUNTS)), list(store.query(SAID))
    (parts,) = store.query(PARTS)
    for table in ("drift_counts", "drift_sketches", "drift_words"):
        store.command(f"TRUNCATE TABLE {table}")

    monkeypatch.setattr(summaries, "HOURS_MAX", 1)
    again = count(Summaries(store), 0, 1, 2, 3, 4)

    assert done == again == [NOON + hour * HOUR for hour in range(5)]
    assert parts == {"parts": 1}
    assert {row["hour"].hour for row in together} == {12, 13, 14, 15, 16}
    assert {row["metric"] for row in together} >= {"tool", "tool calls", "refusal", "evaluation relevance"}
    assert list(store.query(COUNTS)) == together
    assert list(store.query(SAID)) == said


def test_bounds_are_of_each_hour(store: Store, load: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(store, load)
    monkeypatch.setattr(summaries, "CATEGORIES_MAX", 2)
    monkeypatch.setattr(summaries, "SERIES_MAX", 5)
    count(Summaries(store), 0, 1, 2, 3, 4)
    together = list(store.query(COUNTS))
    store.command("TRUNCATE TABLE drift_counts")

    monkeypatch.setattr(summaries, "HOURS_MAX", 1)
    count(Summaries(store), 0, 1, 2, 3, 4)

    assert "other" in {row["agent"] for row in together}
    assert list(store.query(COUNTS)) == together


def test_an_hour_that_is_not_due_is_left_as_it_was(store: Store, load: Any) -> None:
    fill(store, load)

    done = count(Summaries(store), 0, 2)

    assert done == [NOON, NOON + 2 * HOUR]
    assert {row["hour"].hour for row in store.query(COUNTS)} == {12, 14}


def test_hours_of_many_steps_are_counted_alone(
    store: Store, load: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(store, load)
    monkeypatch.setattr(summaries, "TOGETHER_MAX", 3)
    counter = Summaries(store)

    assert counter.count(NOON, 4, today=NOON.date()) == 1
    assert {row["hour"].hour for row in store.query(COUNTS)} == {12}
    assert len(count(counter, 0, 1, 2, 3, 4)) == 5


def test_what_comes_late_replaces_its_hour_alone(store: Store, load: Any) -> None:
    fill(store, load)
    counter = Summaries(store)
    count(counter, 0, 1, 2, 3, 4)
    before = list(store.query(COUNTS))
    load(*calls(NOON + HOUR, 3))
    assembled(store)

    again = count(counter, 1, 2, now=NOW + timedelta(minutes=11))

    assert again == [NOON + HOUR, NOON + 2 * HOUR]
    after = list(store.query(COUNTS))
    others = [row for row in before if row["hour"].hour not in {13, 14}]
    assert [row for row in after if row["hour"].hour not in {13, 14}] == others
    outcomes = {
        hour: sum(row["n"] for row in after if row["hour"].hour == hour and row["metric"] == "outcome")
        for hour in (13, 14)
    }
    # of a trace its last call and its root end in the hour after
    assert outcomes == {13: 5 + 5 + 7 + 2, 14: 7 + 3 * 2}
