"""What is recorded of traces in which something failed; through real loading and assembly."""

from typing import Any

import pytest
from opentelemetry.proto.trace.v1.trace_pb2 import Span, Status

from analytics.assembly.assembler import Assembler
from analytics.chains.recorder import ChainRecorder
from collector.store.store import Store
from tests.analytics.detectors.conversation import Conversation

ROWS = """
SELECT root_failed, root, chain.agent AS agent, chain.label AS label, chain.error_type AS error_type,
    chain.error_text AS error_text, chain.agents AS agents, chain.outcome AS outcome,
    chain.handling AS handling, chain.fingerprint AS fingerprint,
    length(chain.hops) AS hops, hex(chain.stopped_at) AS stopped_at
FROM chains FINAL ARRAY JOIN chains AS chain ORDER BY trace_id
"""


def recorded(store: Store, recorder: ChainRecorder | None = None) -> list[dict[str, Any]]:
    assembler = Assembler(store)
    while assembler.run_once():
        pass
    assembler.keep_place(assembler.place)
    assert not (recorder or ChainRecorder(store)).record(assembler.version)
    return list(store.query(ROWS))


def failing(order: int, *, up_to: int = 3) -> list[Span]:
    """The buyer pays for the lead, and the payment times out; it fails as far up as said."""
    talk = Conversation()
    with talk.turn("lead") as lead, talk.turn("buyer", parent=lead) as buyer:
        talk.tool("pay", {"order": order}, agent="buyer", parent=buyer, error="TimeoutError")
    talk.spans[0].status.message = f"order {order} of 'ada': no answer after 30 s"
    spans = talk.ended()
    for each in spans[1:up_to]:
        each.status.CopyFrom(Status(code=Status.STATUS_CODE_ERROR, message="payment failed"))
    if up_to > 3:
        spans[-1].status.code = Status.STATUS_CODE_ERROR
    return spans


def test_the_same_failure_has_the_same_fingerprint_in_every_trace(store: Store, load: Any) -> None:
    load(*failing(17, up_to=4), *failing(18, up_to=4))

    first, second = recorded(store)

    assert first["fingerprint"] == second["fingerprint"]
    assert (first["root"], first["root_failed"], first["outcome"]) == (
        "invoke_workflow ship",
        True,
        "root failed",
    )
    assert (first["agent"], first["label"], first["error_type"]) == ("buyer", "pay", "TimeoutError")
    assert first["error_text"] == "order # of #: no answer after # s"
    assert (first["agents"], first["hops"]) == (["buyer", "lead", "invoke_workflow ship"], 4)


@pytest.mark.parametrize(("up_to", "stopped_by"), [(1, "buyer"), (2, "lead"), (3, "invoke_workflow ship")])
def test_who_did_not_fail_contained_it(store: Store, load: Any, up_to: int, stopped_by: str) -> None:
    load(*failing(17, up_to=up_to))

    (chain,) = recorded(store)

    assert (chain["outcome"], chain["root_failed"]) == ("contained", False)
    assert chain["agents"][-1] == stopped_by
    assert int(chain["stopped_at"], 16)


def test_what_arrives_later_replaces_the_chains_of_a_trace(store: Store, load: Any) -> None:
    spans = failing(17, up_to=4)
    recorder = ChainRecorder(store)
    load(*spans[:1])
    assert [chain["outcome"] for chain in recorded(store, recorder)] == ["unknown"]

    load(*spans[1:])

    assert [chain["outcome"] for chain in recorded(store, recorder)] == ["root failed"]


def test_what_did_not_fail_after_all_has_no_chain(store: Store, load: Any) -> None:
    spans = failing(17, up_to=1)
    recorder = ChainRecorder(store)
    load(*spans)
    assert recorded(store, recorder)
    spans[0].status.Clear()
    del spans[0].attributes[:]
    spans[0].end_time_unix_nano += 1

    load(spans[0])

    assert recorded(store, recorder) == []


def test_a_trace_without_errors_has_no_row(store: Store, load: Any) -> None:
    talk = Conversation()
    talk.tool("pay", {"order": 1}, "paid")
    load(*talk.ended())

    assert recorded(store) == []
    assert store.query("SELECT count() AS n FROM chains")[0]["n"] == 0


def test_the_next_process_goes_on_where_the_last_one_was(store: Store, load: Any) -> None:
    load(*failing(17))
    recorded(store)
    store.command("TRUNCATE TABLE chains")

    assert recorded(store) == []  # it was recorded already
    load(*failing(18))

    assert len(recorded(store)) == 1


def answered(*answers: Any) -> list[Span]:
    """The buyer asks a tool, which answers so, whatever its status; nobody fails."""
    talk = Conversation()
    with talk.turn("buyer") as buyer:
        for answer in answers:
            talk.tool("stock", {"item": "A-1"}, answer, agent="buyer", parent=buyer)
    return talk.ended()


@pytest.mark.parametrize(
    ("answer", "error_type"),
    [
        ({"content": [], "isError": True}, "isError"),
        ({"status_code": 503, "body": None}, "HTTP 503"),
        ("ValueError: no such item", "ValueError"),
        ({"exit_code": 2}, "exit code"),
        ({"error": "card declined"}, "error"),
    ],
)
def test_what_an_answer_says_counts_like_a_status(
    store: Store, load: Any, answer: Any, error_type: str
) -> None:
    load(*answered(answer))

    (chain,) = recorded(store)

    assert (chain["label"], chain["error_type"], chain["outcome"]) == ("stock", error_type, "contained")
    assert chain["error_text"]


def test_a_call_that_went_well_after_such_an_answer_was_tried_again(store: Store, load: Any) -> None:
    load(*answered({"error": "busy"}, {"left": 3}))

    assert [chain["outcome"] for chain in recorded(store)] == ["retried"]


@pytest.mark.parametrize(("usually_empty", "chains"), [(2, 1), (3, 0), (None, 0)])
def test_an_empty_answer_is_an_error_where_there_is_always_one(
    store: Store, load: Any, usually_empty: int | None, chains: int
) -> None:
    if usually_empty is not None:
        store.command(
            "INSERT INTO habits"
            " SELECT 'default', toStartOfHour(now()), 'empty', 'buyer\\0stock', each.1, each.2, 1"
            " FROM (SELECT arrayJoin([(0, 200), (1, {empty:UInt64})]) AS each)",
            {"empty": usually_empty},
        )
    load(*answered([]))

    found = recorded(store)

    assert len(found) == chains
    assert {chain["error_type"] for chain in found} <= {"empty answer"}
