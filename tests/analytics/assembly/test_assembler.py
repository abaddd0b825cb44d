"""Whatever the order of arrival, the same steps; cost and truth after retries, heartbeats and restarts."""

import itertools
import time
from datetime import UTC, datetime
from typing import Any

import pytest
from opentelemetry.proto.trace.v1.trace_pb2 import Span, Status

from analytics.assembly.assembler import Assembler
from collector.store.store import Store
from tests.builders import SECOND, span

TRACE = bytes(range(16))
# Open spans are forgotten after two days, so these are of now.
START = time.time_ns() // SECOND * SECOND - 60 * SECOND
AGENT = {
    "gen_ai.operation.name": "invoke_agent",
    "gen_ai.agent.name": "planner",
    "gen_ai.conversation.id": "c-1",
}
MODEL = {"gen_ai.operation.name": "chat", "gen_ai.request.model": "gpt-5", "gen_ai.usage.input_tokens": 5}
TOOL = {"gen_ai.operation.name": "execute_tool", "gen_ai.tool.name": "search"}


@pytest.fixture
def send(store: Store, load: Any) -> Any:
    """Load spans as one segment and assemble what is new."""
    assembler = Assembler(store)

    def send(*spans: Span, at_ns: int = START) -> None:
        load(*spans, at_ns=at_ns)
        assembler.run_once()

    return send


def run(**more: Any) -> dict[str, Span]:
    """A root agent with a model call and a tool beneath it."""
    common = {"trace_id": TRACE, "start_ns": START}
    return {
        "root": span("run", AGENT, span_id=b"rootroot", **common, **more),
        "model": span("chat", MODEL, span_id=b"modelmod", parent=b"rootroot", **common),
        "tool": span("search", TOOL, span_id=b"tooltool", parent=b"rootroot", error="no index", **common),
    }


def steps(store: Store) -> list[dict[str, Any]]:
    return store.query(
        "SELECT name, agent, session, state, status, tokens_counted, depth FROM steps FINAL ORDER BY span_id"
    )


@pytest.mark.parametrize(
    ("code", "status"), [("UNSET", "error"), ("OK", "ok"), ("ERROR", "error")], ids=str.lower
)
def test_a_dialect_can_say_error_where_the_status_says_nothing(
    store: Store, send: Any, code: str, status: str
) -> None:
    sent = span("search", TOOL | {"langfuse.observation.level": "ERROR"})
    sent.status.code = Status.StatusCode.Value(f"STATUS_CODE_{code}")

    send(sent)

    assert [row["status"] for row in steps(store)] == [status]
    stored = store.query("SELECT status, error_type FROM spans")
    assert stored == [{"status": sent.status.code, "error_type": "" if code == "OK" else "_OTHER"}]


@pytest.mark.otlp(46)
@pytest.mark.parametrize("order", list(itertools.permutations(["root", "model", "tool"])))
def test_the_order_of_arrival_does_not_matter(store: Store, send: Any, order: tuple[str, ...]) -> None:
    spans = run()

    for name in order:
        send(spans[name])

    assert [(row["name"], row["agent"], row["session"], row["depth"]) for row in steps(store)] == [
        ("chat", "planner", "c-1", 1),
        ("run", "planner", "c-1", 0),
        ("search", "planner", "c-1", 1),
    ]
    (trace,) = store.query("SELECT spans, errors, status, input_tokens, agents FROM traces FINAL")
    assert trace == {"spans": 3, "errors": 1, "status": "ok", "input_tokens": 5, "agents": ["planner"]}


@pytest.mark.otlp(39)
def test_a_clients_retry_counts_once(store: Store, send: Any) -> None:
    spans = run().values()

    send(*spans)
    send(*spans)

    (trace,) = store.query("SELECT spans, input_tokens FROM traces FINAL")
    assert trace == {"spans": 3, "input_tokens": 5}


def test_a_cost_that_a_wrapper_says_again_counts_once(store: Store, send: Any) -> None:
    common = {"trace_id": TRACE, "start_ns": START}
    send(
        span("run", AGENT | {"gen_ai.usage.cost": 0.05}, span_id=b"rootroot", **common),
        span(
            "wrapper", MODEL | {"gen_ai.usage.cost": 0.03}, span_id=b"wrapping", parent=b"rootroot", **common
        ),
        span("retry", span_id=b"between_", parent=b"wrapping", **common),
        span("chat", MODEL | {"gen_ai.usage.cost": 0.03}, span_id=b"modelmod", parent=b"between_", **common),
        span("search", TOOL | {"gen_ai.usage.cost": 0.01}, span_id=b"tooltool", parent=b"rootroot", **common),
    )

    (trace,) = store.query("SELECT cost_usd FROM traces FINAL")
    assert trace["cost_usd"] == pytest.approx(0.04)


def test_a_trace_without_costs_has_none(store: Store, send: Any) -> None:
    send(*run().values())

    assert store.query("SELECT cost_usd FROM traces FINAL") == [{"cost_usd": None}]


@pytest.mark.otlp(39)
def test_the_final_span_wins_even_when_a_report_of_it_open_comes_later(store: Store, send: Any) -> None:
    spans = run()

    send(*spans.values())
    send(run(end_ns=0)["root"], at_ns=START + SECOND)

    assert {row["state"] for row in steps(store)} == {"ended"}
    (seen,) = store.query("SELECT max(ended) AS ended FROM open_spans")
    assert seen == {"ended": True}


def test_heartbeats_are_observations_and_a_child_that_moves_is_progress(store: Store, send: Any) -> None:
    send(run(end_ns=0)["root"], at_ns=START)
    send(run(end_ns=0)["root"], at_ns=START + 3 * SECOND)
    send(run()["tool"], at_ns=START + 5 * SECOND)
    send(run(end_ns=0)["root"], at_ns=START + 6 * SECOND)

    (seen,) = store.query(
        "SELECT max(heartbeats) AS heartbeats, min(first_seen) AS first_seen, max(observed) AS observed, "
        "max(last_progress) AS last_progress, max(ended) AS ended FROM open_spans"
    )
    assert seen["heartbeats"] == 3
    assert not seen["ended"]
    begun = seen["first_seen"]
    assert (seen["observed"] - begun).total_seconds() == 6
    assert (seen["last_progress"] - begun).total_seconds() == 5


def test_a_restarted_assembler_goes_on_where_it_stopped(store: Store, send: Any) -> None:
    send(*run().values())

    again = Assembler(store)

    assert again.run_once() == 3  # no place was kept: all of it again, to the same effect
    assert len(steps(store)) == 3


def test_spans_count_once_after_a_stop_between_steps_and_summary(
    store: Store, load: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    command = store.command

    def stop(sql: str, *parameters: Any) -> object:
        return 1 / 0 if "INSERT INTO traces" in sql else command(sql, *parameters)

    load(*run().values())
    with monkeypatch.context() as patched:
        patched.setattr(store, "command", stop)
        with pytest.raises(ZeroDivisionError):
            Assembler(store).run_once()

    Assembler(store).run_once()

    assert counted(store) == 3


def test_hours_in_which_spans_ended_are_told_once(store: Store, load: Any) -> None:
    assembler = Assembler(store)
    load(*run().values())

    assembler.run_once()

    hour = datetime.fromtimestamp(START / SECOND, UTC).replace(minute=0, second=0, microsecond=0)
    assert assembler.take_ends() == {hour}
    assert assembler.take_ends() == set()


def test_hours_of_which_the_baselines_did_not_hear_before_a_stop_are_told_by_the_next_process(
    store: Store, load: Any
) -> None:
    stopped = Assembler(store)
    load(*run().values())
    stopped.run_once()
    told = stopped.take_ends()

    again = Assembler(store)
    again.run_once()

    assert again.take_ends() == told
    again.keep_place(again.place)
    assert Assembler(store).run_once() == 0


def test_of_a_large_trace_only_the_hours_of_what_is_new_are_told(store: Store, load: Any) -> None:
    spans, assembler = run(), Assembler(store, large_spans_min=2)
    days_ago = START - 3 * 86_400 * SECOND
    load(spans["root"], span("old", trace_id=TRACE, start_ns=days_ago), at_ns=days_ago)
    assembler.run_once()
    assert len(assembler.take_ends()) == 2

    load(spans["tool"], at_ns=START + SECOND)
    assembler.run_once()

    assert counted(store) == 3
    assert {hour.timestamp() for hour in assembler.take_ends()} == {(START // SECOND + 1) // 3600 * 3600}


def counted(store: Store) -> int:
    (trace,) = store.query("SELECT argMax(spans, version) AS spans FROM traces")
    return int(trace["spans"])


def resting(store: Store) -> Assembler:
    """An assembler to which two spans are a large trace, and whose next turn is minutes away."""
    assembler = Assembler(store, large_spans_min=2)
    assembler._large.rest(elapsed_s=3_600)
    return assembler


def test_what_arrives_in_a_large_trace_waits_for_its_turn(store: Store, load: Any) -> None:
    spans, assembler = run(), resting(store)
    load(spans["root"], spans["model"])
    assembler.run_once()

    load(spans["tool"], at_ns=START + 5 * SECOND)
    assert assembler.run_once() == 1

    assert counted(store) == 2
    assert assembler.waiting == {TRACE.hex() + "default": START + 5 * SECOND}
    assembler._large.rest(elapsed_s=0)
    assembler.run_once()
    assert counted(store) == 3
    assert assembler.waiting == {}


def test_ordinary_traces_do_not_wait_for_a_large_one(store: Store, load: Any) -> None:
    spans, assembler = run(), resting(store)
    load(spans["root"], spans["model"])
    assembler.run_once()

    load(spans["tool"], span("other", trace_id=bytes(15) + b"x", start_ns=START))
    assembler.run_once()

    assert {row["name"] for row in steps(store)} == {"run", "chat", "other"}


def test_a_touched_large_trace_is_read_at_once_when_no_turn_was_lately(store: Store, load: Any) -> None:
    spans, assembler = run(), Assembler(store, large_spans_min=2)
    load(spans["root"], spans["model"])
    assembler.run_once()

    load(spans["tool"])
    assembler.run_once()

    assert counted(store) == 3


def test_an_end_in_a_large_trace_is_known_at_once(store: Store, load: Any) -> None:
    assembler = resting(store)
    load(run(end_ns=0)["root"], run()["model"])
    assembler.run_once()

    load(run()["root"], run()["tool"], at_ns=START + SECOND)
    assembler.run_once()

    seen = store.query("SELECT name, ended, first_seen < observed AS later FROM open_spans FINAL")
    assert [(row["ended"], row["later"]) for row in seen] == [(True, True)]
    assembler._large.rest(elapsed_s=0)
    assembler.run_once()
    seen = store.query("SELECT name, agent, ended FROM open_spans FINAL")
    assert seen == [{"name": "run", "agent": "planner", "ended": True}]


def test_what_was_put_aside_when_the_process_stopped_has_its_turn_at_the_next_start(
    store: Store, load: Any
) -> None:
    spans, assembler = run(), resting(store)
    load(spans["root"], spans["model"])
    assembler.run_once()
    load(spans["tool"], at_ns=START + 5 * SECOND)
    load(span("other", trace_id=bytes(15) + b"x", start_ns=START))
    assembler.run_once()

    again = Assembler(store, large_spans_min=2)

    assert set(again.waiting) == {TRACE.hex() + "default"}
    again.run_once()
    assert {row["name"] for row in steps(store)} == {"run", "chat", "search", "other"}
    assert again.waiting == {}


def test_a_turn_that_fails_rests_and_is_taken_again(store: Store, load: Any, monkeypatch: Any) -> None:
    spans, assembler = run(), Assembler(store, large_spans_min=2)
    load(spans["root"], spans["model"])
    assembler.run_once()
    load(spans["tool"])
    with monkeypatch.context() as broken:
        broken.setattr(assembler._writer, "write", lambda selection, *_: 1 / (not selection.turn))
        with pytest.raises(ZeroDivisionError):
            assembler.run_once()

    assert set(assembler.waiting) == {TRACE.hex() + "default"}
    assembler._large.rest(elapsed_s=0)
    assembler.run_once()
    assert counted(store) == 3
