"""Small hours in a row are counted together, as each would be alone; through real loading and assembly."""

import json
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

# From a Sunday's 22 o'clock on, a week ago at least: over midnight, and from one partition to the next.
FIRST = NOW.replace(hour=0, minute=0) - timedelta(days=NOW.weekday() + 7, hours=2)
_SERIES = "project, hour, environment, agent, operation, subject"
KEPT = {
    "drift_counts": f"{_SERIES}, metric, agent_version, category, bin, n, traces",
    "drift_sketches": f"{_SERIES}, basis, n, traces, sums, products",
    "drift_words": f"{_SERIES}, n, hashes, texts",
    "prompt_fingerprints": "project, hour, environment, agent, what, fingerprint, calls, traces, some_traces,"
    " part_names, part_hashes",
}
BATCHES = "SELECT DISTINCT toDate(hour) AS day, version, _part AS part FROM drift_counts ORDER BY day"


def calls(hour: datetime, number: int) -> list[Any]:
    """Return spans that began in an hour, each hour's own; the last call ends in the next one."""
    talk = Conversation(began_s_ago=(NOW - hour).total_seconds() - 600)
    asked = json.dumps([{"role": "system", "content": f"Help shop {'abcdef'[number] * 4}. Be brief."}])
    for place in range(number):
        talk.model(asked=asked, answer=f"The order number {place} is with the courier, and comes on Monday.")
        talk.tool("search" if place % 2 else f"tool {hour:%H}", {"q": place}, "ok", seconds=1 + place)
    talk.pause(2_995 - (talk.now_ns - int(hour.timestamp()) * SECOND) / SECOND)
    talk.tool("slow", {}, "ok", seconds=700)
    start_ns = int(hour.timestamp() + 60) * SECOND
    score = {"gen_ai.evaluation.name": "relevance", "gen_ai.evaluation.score.value": number / 10}
    chat = {"gen_ai.operation.name": "chat", "gen_ai.agent.name": "coder"}
    chat |= {"gen_ai.tool.definitions": json.dumps([{"name": f"tool {hour:%H}", "description": "Looks up."}])}
    return [
        *talk.ended(),
        span("chat", chat, start_ns=start_ns, events=[("gen_ai.evaluation.result", score)]),
    ]


def fill(store: Store, load: Any) -> None:
    for number in range(4):
        load(*calls(FIRST + number * HOUR, number + 1))
    load(*calls(FIRST + HOUR, 2), project="shop")
    assembled(store)


def kept(store: Store) -> dict[str, list[Any]]:
    """Return what is counted, by table."""
    return {
        table: list(store.query(f"SELECT {columns} FROM {table} FINAL ORDER BY ALL"))
        for table, columns in KEPT.items()
    }


def counts(store: Store) -> list[Any]:
    return kept(store)["drift_counts"]


def count(counter: Summaries, *hours: int, now: datetime = NOW) -> list[datetime]:
    """Count hours that are due, and no others; return them in the order in which they were counted."""
    counter._until = NOW
    counter.touch([FIRST + hour * HOUR for hour in hours])
    done = []
    # a slow machine takes more than one turn
    while some := counter.refresh(now):
        done += some
    return done


def test_together_they_are_counted_as_alone_each_day_for_itself(
    store: Store, load: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(store, load)
    done = count(Summaries(store), 0, 1, 2, 3, 4)
    together, batches = kept(store), list(store.query(BATCHES))
    for table in KEPT:
        store.command(f"TRUNCATE TABLE {table}")

    monkeypatch.setattr(summaries, "HOURS_MAX", 1)
    again = count(Summaries(store), 0, 1, 2, 3, 4)

    assert done == again == [FIRST + hour * HOUR for hour in range(5)]
    # each day is written at once, and by itself
    assert [one["day"].isoweekday() for one in batches] == [7, 1]
    assert len({one["version"] for one in batches}) == 2
    alone = kept(store)
    for table, rows in together.items():
        assert {row["hour"].hour for row in rows} >= {22, 23, 0, 1}, table
        assert alone[table] == rows, table
    metrics = {row["metric"] for row in together["drift_counts"]}
    assert metrics >= {"tool", "tool calls", "refusal", "evaluation relevance"}
    # a prompt and a set of tools of each hour's own
    assert len({row["fingerprint"] for row in together["prompt_fingerprints"]}) == 8


def test_bounds_are_of_each_hour(store: Store, load: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(store, load)
    monkeypatch.setattr(summaries, "CATEGORIES_MAX", 2)
    monkeypatch.setattr(summaries, "SERIES_MAX", 5)
    count(Summaries(store), 0, 1, 2, 3, 4)
    together = counts(store)
    store.command("TRUNCATE TABLE drift_counts")

    monkeypatch.setattr(summaries, "HOURS_MAX", 1)
    count(Summaries(store), 0, 1, 2, 3, 4)

    assert "other" in {row["agent"] for row in together}
    assert counts(store) == together


def test_an_hour_that_is_not_due_is_left_as_it_was(store: Store, load: Any) -> None:
    fill(store, load)

    done = count(Summaries(store), 0, 2)

    assert done == [FIRST, FIRST + 2 * HOUR]
    assert {row["hour"].hour for row in counts(store)} == {22, 0}


def test_hours_of_many_steps_are_counted_alone(
    store: Store, load: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(store, load)
    monkeypatch.setattr(summaries, "TOGETHER_MAX", 3)
    counter = Summaries(store)

    assert counter.count(FIRST, 2, today=FIRST.date()) == 1
    assert {row["hour"].hour for row in counts(store)} == {22}
    assert len(count(counter, 0, 1, 2, 3, 4)) == 5


def test_what_comes_late_replaces_its_hour_alone(store: Store, load: Any) -> None:
    fill(store, load)
    counter = Summaries(store)
    count(counter, 0, 1, 2, 3, 4)
    before = counts(store)
    load(*calls(FIRST + HOUR, 3))
    assembled(store)

    again = count(counter, 1, 2, now=NOW + timedelta(minutes=11))

    assert again == [FIRST + HOUR, FIRST + 2 * HOUR]
    after = counts(store)
    others = [row for row in before if row["hour"].hour not in {23, 0}]
    assert [row for row in after if row["hour"].hour not in {23, 0}] == others
    outcomes = {
        hour: sum(row["n"] for row in after if row["hour"].hour == hour and row["metric"] == "outcome")
        for hour in (23, 0)
    }
    # of a trace its last call and its root end in the hour after
    assert outcomes == {23: 5 + 5 + 7 + 2, 0: 7 + 3 * 2}
