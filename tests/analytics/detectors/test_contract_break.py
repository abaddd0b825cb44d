"""What is told of broken contracts, and what is none; through real loading, assembly and checking."""

import os
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from analytics.contracts import deviation, recorder
from analytics.contracts.user import UserContract
from analytics.detectors.contract_break import ContractBreak
from analytics.detectors.detector import Outcome, Window
from collector.store.store import Store
from tests.analytics.contracts.calls import Recorded, order, orders, tool_call
from tests.analytics.detectors.looking import UNLEARNED
from tests.analytics.rows import NOW
from tests.builders import SECOND, span

BREAK = ContractBreak()
SCHEMA = {"type": "object", "required": ["id"], "properties": {"id": {"type": "string"}}}
WRITTEN = UserContract(schema=SCHEMA, tool="look_up")


@pytest.fixture(autouse=True)
def _every_call(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recorder, "SAMPLE_MAX", 10_000)
    monkeypatch.setattr(recorder, "LEARNING_MAX", 10_000)
    monkeypatch.setattr(deviation, "SURE_CALLS_MIN", 600)


def looked(store: Store, window: Window | None = None) -> Outcome:
    window = window or Window(datetime.now(UTC))
    return BREAK.detect(store.query(BREAK.sql, BREAK.parameters(window)), window, UNLEARNED)


def model(trace_id: bytes, second: int) -> Any:
    said = {"gen_ai.operation.name": "chat", "gen_ai.request.model": "m", "gen_ai.agent.name": "buyer"}
    start_ns = int(NOW.timestamp()) * SECOND - (3_000 - second) * SECOND
    return span("chat m", said, trace_id=trace_id, start_ns=start_ns)


def test_a_result_that_breaks_a_users_contract_and_was_used_is_confirmed(store: Store, load: Any) -> None:
    trace_id = os.urandom(16)
    load(
        tool_call(0, {"id": "A"}),
        tool_call(1, {"id": 7}, trace_id=trace_id),
        model(trace_id, 3),
        tool_call(4, {"id": 8}),
    )
    Recorded(store, WRITTEN).run()

    (finding,) = looked(store).findings

    assert finding.title == (
        "The result of buyer's look_up has another type at $.id: integer instead of string in 2 calls of 3,"
        " and agents went on from it"
    )
    assert (finding.grade, finding.severity, finding.certain) == ("confirmed", "S2", True)
    assert finding.trace_ids[0] == trace_id.hex()
    assert finding.evidence["calls_consumed"] == 1
    assert finding.agents == ["buyer"]


def test_examples_are_those_that_were_consumed_first_however_many_there_are(store: Store, load: Any) -> None:
    trace_id = os.urandom(16)
    load(
        *(tool_call(number, {"id": 7}) for number in range(40)),
        tool_call(41, {"id": 7}, trace_id=trace_id),
        model(trace_id, 43),
    )
    Recorded(store, WRITTEN).run()

    (finding,) = looked(store).findings

    assert finding.trace_ids[0] == trace_id.hex()


def test_one_that_was_asked_again_until_it_was_right_was_not_consumed(store: Store, load: Any) -> None:
    trace_id = os.urandom(16)
    load(
        tool_call(1, {"id": 7}, trace_id=trace_id),
        tool_call(3, {"id": "A"}, trace_id=trace_id),
        model(trace_id, 5),
    )
    Recorded(store, WRITTEN).run()

    (finding,) = looked(store).findings

    assert (finding.severity, finding.evidence["calls_consumed"]) == ("S3", 0)


def test_arguments_that_the_tool_refused_were_stopped_where_they_should_be(store: Store, load: Any) -> None:
    told = UserContract(schema=SCHEMA, tool="look_up", side="input")
    refused = {"isError": True, "content": [{"type": "text", "text": "id: not a string"}]}
    load(tool_call(0, None, {"id": 7}, error="ToolRetryError"), tool_call(1, refused, {"id": 7}))
    recorded = Recorded(store, told)
    assert recorded.run()[0]["outcome"] == "broken"
    assert looked(store).findings == []

    load(tool_call(2, None, {"id": 7}))
    recorded.run()

    (finding,) = looked(store).findings
    assert finding.title.startswith("The arguments of buyer's look_up")


def test_what_deviates_from_what_was_learned_is_told_once_others_are_as_before(
    store: Store, load: Any
) -> None:
    recorded = Recorded(store)
    load(*orders(700))
    recorded.run()
    load(*(tool_call(700 + number, order(number, amount=None)) for number in range(3)))
    recorded.run()
    assert looked(store).findings == []

    load(tool_call(710, order(710)))
    recorded.run()

    (finding,) = looked(store).findings
    assert (finding.grade, finding.severity, finding.certain) == ("probable", "S3", False)
    assert "$.amount: null instead of number in 3 calls of" in finding.title


def test_what_lasts_is_a_change_and_none_to_tell(store: Store, load: Any) -> None:
    recorded = Recorded(store)
    load(*orders(700))
    recorded.run()
    load(*(tool_call(700 + number, order(number, amount=None)) for number in range(25)))
    recorded.run()

    assert looked(store).findings == []


def test_words_of_calls_do_not_stand_in_what_is_sent_on(store: Store, load: Any) -> None:
    recorded = Recorded(store)
    load(*orders(700))
    recorded.run()
    load(tool_call(700, order(700, state="secret word")), tool_call(701, order(701)))
    recorded.run()

    (finding,) = looked(store).findings

    assert finding.grade == "suspected"
    assert "secret word" not in str(finding)
    assert '"paid"' not in str(finding)


def test_it_is_over_when_nothing_has_broken_it_for_an_hour(store: Store, load: Any) -> None:
    load(tool_call(0, {"id": 7}))
    Recorded(store, WRITTEN).run()
    (finding,) = looked(store).findings
    key = finding.project, finding.fingerprint

    assert looked(store, Window(datetime.now(UTC), frozenset({key}), {}, 2**62)).findings
    outcome = looked(store, Window(datetime.now(UTC) + timedelta(hours=2), frozenset({key}), {}, 2**62))

    assert outcome.findings == []
    assert outcome.resolutions[key].word == "progressed"


def test_projects_do_not_see_each_other(store: Store, load: Any) -> None:
    load(tool_call(0, {"id": 7}), project="one")
    load(tool_call(1, {"id": "A"}), project="two")
    Recorded(store, WRITTEN).run()

    (finding,) = looked(store).findings

    assert finding.project == "one"
    assert finding.evidence["calls_checked"] == 1
