"""What agents put out is counted by hour, from steps, as a whole; through real loading and assembly."""

from datetime import timedelta
from typing import Any

import pytest

from analytics.series import summaries
from analytics.series.counts import Filter, totals
from analytics.series.summaries import Summaries
from collector.deletion.kept import Kept
from collector.store.store import Store
from tests.analytics.detectors.conversation import Conversation
from tests.analytics.detectors.looking import assembled
from tests.analytics.rows import NOW
from tests.analytics.series.counting import LATER, bin_of, counted, of
from tests.builders import SECOND, span


def talked(tools: int = 2, **known: Any) -> Conversation:
    talk = Conversation()
    talk.model("search", input_tokens=100)
    for number in range(tools):
        talk.tool("search", {"q": number}, "see the manual", **known)
    return talk


def test_each_metric_of_a_call_is_counted(store: Store, load: Any) -> None:
    load(*talked().ended())

    rows = counted(store)

    assert of(rows, "outcome") == {("ok", 0): 3}
    assert of(rows, "tool") == {("search", 0): 2}
    assert of(rows, "input tokens") == {("", bin_of(100.0)): 1}
    assert of(rows, "duration") == {("", bin_of(1.0)): 1, ("", bin_of(0.2)): 2}
    assert of(rows, "tool calls") == {("", bin_of(2.0)): 1}


def test_traces_are_counted_beside_calls(store: Store, load: Any) -> None:
    load(*talked(3).ended(), *talked(1).ended())

    rows = counted(store)

    tools = [row for row in rows if row["metric"] == "duration" and row["subject"] == "search"]
    assert (sum(row["n"] for row in tools), sum(row["traces"] for row in tools)) == (4, 2)


def test_counting_again_replaces_and_never_adds(store: Store, load: Any) -> None:
    load(*talked().ended())

    first = counted(store)

    assert counted(store) == first


def test_what_comes_late_is_counted_with_the_rest(store: Store, load: Any) -> None:
    counter = Summaries(store)
    load(*talked(1).ended())
    assert of(counted(store, counter=counter), "tool") == {("search", 0): 1}
    load(*talked(2).ended())
    assembled(store)

    counter.touch([NOW - timedelta(minutes=10)])
    too_soon = counter.refresh(LATER + timedelta(minutes=1))
    again = counter.refresh(LATER + timedelta(minutes=11))

    assert (too_soon, len(again)) == ([], 1)
    assert of(counted(store, LATER + timedelta(minutes=30), counter), "tool") == {("search", 0): 3}


def test_an_hour_that_is_not_over_is_not_counted(store: Store, load: Any) -> None:
    load(*talked().ended())

    assert not counted(store, NOW)


def test_what_failed_is_a_category_by_its_type(store: Store, load: Any) -> None:
    load(*talked(1, error="TimeoutError").ended())

    assert of(counted(store), "outcome") == {("TimeoutError", 0): 1, ("ok", 0): 1}


def test_too_many_series_and_categories_are_other(
    store: Store, load: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(summaries, "CATEGORIES_MAX", 2)
    talk = Conversation()
    for tool, times in (("a", 5), ("b", 4), ("c", 3), ("d", 2)):
        for _ in range(times):
            talk.tool(tool, {}, "ok")
    load(*talk.ended())

    assert of(counted(store), "tool") == {("a", 0): 5, ("b", 0): 4, ("other", 0): 5}

    monkeypatch.setattr(summaries, "SERIES_MAX", 3)
    few = counted(store)
    assert sum(of(few, "duration", "other").values()) > 0
    total = sum(row["n"] for row in few if row["metric"] == "outcome")
    assert total == 15


@pytest.mark.parametrize("name", ["\u202ex", "a" * 5_000, "'; DROP TABLE steps", "\x00"])
def test_hostile_names_are_bounded(store: Store, load: Any, name: str) -> None:
    talk = Conversation()
    talk.tool(name, {}, "ok")
    load(*talk.ended())

    assert all(len(row["category"]) <= 200 for row in counted(store))


def test_time_to_the_first_token_is_counted_where_it_is_known(store: Store, load: Any) -> None:
    start_ns = int(NOW.timestamp() - 600) * SECOND
    chat = {"gen_ai.operation.name": "chat", "gen_ai.agent.name": "coder", "gen_ai.request.model": "m"}
    load(
        span("chat", chat | {"gen_ai.response.time_to_first_chunk": 0.25}, start_ns=start_ns),
        span("chat", chat | {"gen_ai.response.time_to_first_chunk": "soon"}, start_ns=start_ns),
        span("chat", chat, start_ns=start_ns),
    )

    assert of(counted(store), "time to first token") == {("", bin_of(0.25)): 1}


def test_in_pieces_it_is_counted_as_in_one(store: Store, load: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(5):
        load(*talked(3).ended(), *talked(1, error="TimeoutError").ended())
    whole = counted(store)

    monkeypatch.setattr(summaries, "PIECES", dict.fromkeys(summaries.PIECES, 4))
    pieces = counted(store)

    assert len(whole) > 20
    assert by_name(pieces) == by_name(whole)


def test_a_tool_that_hands_over_is_both(store: Store, load: Any) -> None:
    talk = Conversation()
    talk.handoff("coder", "tester")
    talk.tool("transfer", {}, "ok", **{"gen_ai.handoff.to_agent": "tester"})
    load(*talk.ended())

    rows = counted(store)

    assert of(rows, "next agent") == {("tester", 0): 2}
    assert of(rows, "tool") == {("transfer", 0): 1}


def test_hours_that_waited_to_be_counted_again_are_counted_after_a_stop(store: Store, load: Any) -> None:
    load(*talked(1).ended())
    counted(store)
    load(*talked(2).ended())
    assembled(store)

    # another process: nobody told it of the hour, and a later one was counted since
    again = Summaries(store).refresh(LATER + timedelta(minutes=3))

    assert len(again) == 1
    assert of(counted(store), "tool") == {("search", 0): 3}
    assert len(Summaries(store).refresh(LATER)) == 1, "the newest may have been cut short"


def test_an_older_hour_is_counted_again_after_a_stop_if_something_came_late(store: Store, load: Any) -> None:
    old, new = Conversation(began_s_ago=3 * 3600 + 60), talked(1)
    old.tool("search", {}, "ok")
    load(*old.ended(), *new.ended())
    counted(store)
    late = Conversation(began_s_ago=3 * 3600 + 30)
    late.tool("search", {}, "ok")
    load(*late.ended())
    assembled(store)

    again = Summaries(store).refresh(LATER)
    unchanged = Summaries(store).refresh(LATER)

    assert len(again) == 2
    assert len(unchanged) == 1
    assert of(counted(store), "tool") == {("search", 0): 3}


def test_steps_that_are_kept_no_more_take_nothing_from_what_was_counted(store: Store, load: Any) -> None:
    """What comes late, of the project or of another, has its hour counted from the steps that are left."""
    for project in ("brief", "long"):
        load(*talked(2).ended(), project=project)
    counter = Summaries(store, Kept(0, {"brief": 1}))
    counted(store, counter=counter)
    store.command("ALTER TABLE steps DELETE WHERE project = 'brief' SETTINGS mutations_sync = 2")
    for project in ("brief", "long"):
        load(*talked(1).ended(), project=project)
    assembled(store)

    counter.touch([NOW - timedelta(minutes=10)])
    assert len(counter.refresh(LATER + timedelta(days=3))) == 1

    assert calls_of(store, "brief") == 4
    assert calls_of(store, "long") == 7


def test_a_project_of_which_nothing_is_left_keeps_what_was_counted(store: Store, load: Any) -> None:
    for project in ("gone", "late"):
        load(*talked(2).ended(), project=project)
    counter = Summaries(store)
    counted(store, counter=counter)
    store.command("ALTER TABLE steps DELETE WHERE project = 'gone' SETTINGS mutations_sync = 2")

    counter.touch([NOW - timedelta(minutes=10)])
    assert len(counter.refresh(LATER + timedelta(minutes=11))) == 1

    assert (calls_of(store, "gone"), calls_of(store, "late")) == (4, 4)


def test_new_hours_are_counted_before_what_came_late(
    store: Store, load: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    load(*talked().ended())
    counter = Summaries(store)
    counted(store, counter=counter)
    monkeypatch.setattr(summaries, "COUNTING_S_MAX", 0)
    old, new = NOW - timedelta(minutes=10), NOW + timedelta(minutes=50)

    counter.touch([old, new])
    later = LATER + timedelta(hours=1)

    assert counter.counted_until(later) == summaries.over(later) - timedelta(hours=1)
    assert counter.refresh(later) == [new.replace(minute=0, second=0, microsecond=0)]
    assert counter.counted_until(later) == summaries.over(later), "what came late holds up nothing"
    assert counter.refresh(later) == [old.replace(minute=0, second=0, microsecond=0)]


def test_counts_that_the_engine_did_not_write_are_counted_again(store: Store, load: Any) -> None:
    load(*talked().ended())
    assembled(store)
    counter = Summaries(store)
    store.command("RENAME TABLE drift_counts TO real_counts")
    store.command("CREATE TABLE drift_counts AS real_counts ENGINE = Null")
    try:
        with pytest.raises(RuntimeError, match="the counts of 1 hours are not stored"):
            counter.refresh(LATER)
    finally:
        store.command("DROP TABLE drift_counts")
        store.command("RENAME TABLE real_counts TO drift_counts")

    assert len(counter.refresh(LATER)) == 1
    assert of(counted(store, counter=counter), "tool") == {("search", 0): 2}


def calls_of(store: Store, project: str) -> float:
    """Return how many calls readers see in an hour, over all series."""
    found = totals(store, NOW - timedelta(hours=2), LATER, Filter(project, metric="outcome"))
    return float(sum(one.calls.sum() for one in found.values()))


def by_name(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(rows, key=repr)
