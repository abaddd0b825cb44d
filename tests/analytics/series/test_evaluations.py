"""Scores and labels of evaluations are counted by what was evaluated, however they arrive."""

from pathlib import Path
from typing import Any

import pytest
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from collector.store.store import Store
from tests.analytics.log_desk import LogDesk
from tests.analytics.rows import NOW
from tests.analytics.series.counting import bin_of, counted, of
from tests.builders import SECOND, span
from tests.log_builders import log

START_NS = int(NOW.timestamp() - 600) * SECOND
CHAT = {"gen_ai.operation.name": "chat", "gen_ai.agent.name": "coder", "gen_ai.request.model": "m"}
EVENT = "gen_ai.evaluation.result"


@pytest.fixture
def desk(store: Store, tmp_path: Path) -> LogDesk:
    return LogDesk(store, tmp_path)


def about(name: str = "relevance", **more: Any) -> dict[str, Any]:
    return {"gen_ai.evaluation.name": name} | {f"gen_ai.evaluation.{key}": one for key, one in more.items()}


def chat(*events: dict[str, Any]) -> Span:
    return span("chat", CHAT, start_ns=START_NS, events=[(EVENT, one) for one in events])


def test_a_score_of_a_log_record_is_a_number_and_its_label_a_category(store: Store, desk: LogDesk) -> None:
    evaluated = chat()
    desk.spans(evaluated)
    result = about(**{"score.value": 0.8, "score.label": "relevant"})
    record = log(EVENT, result, of=evaluated, at_ns=START_NS + 60 * SECOND)
    # a client's retry
    desk.logs(record)
    desk.logs(record)

    rows = counted(store)

    assert of(rows, "evaluation relevance") == {("", bin_of(0.8)): 1}
    assert of(rows, "label relevance") == {("relevant", 0): 1}
    (total,) = [row for row in rows if row["metric"] == "evaluation relevance" and row["traces"]]
    assert (total["subject"], total["operation"], total["traces"]) == ("m", "chat", 1)


def test_an_event_of_a_span_counts_as_well(store: Store, desk: LogDesk) -> None:
    desk.spans(chat(about(**{"score.value": -1}), about("toxicity", **{"score.value": 0})))

    rows = counted(store)

    assert of(rows, "evaluation relevance") == {("", bin_of(-1.0)): 1}
    assert of(rows, "evaluation toxicity") == {("", 0): 1}


def test_what_is_of_another_hour_is_not_counted_in_this(store: Store, desk: LogDesk) -> None:
    evaluated = chat()
    desk.spans(evaluated)
    result = about(**{"score.value": 0.8})
    desk.logs(log(EVENT, result, of=evaluated, at_ns=START_NS - 3 * 3600 * SECOND))

    assert of(counted(store), "evaluation relevance") == {}


@pytest.mark.parametrize("value", ["high", "", "nan", "inf", "1e400", '{"a": 1}'])
def test_a_score_that_is_no_number_is_none(store: Store, desk: LogDesk, value: str) -> None:
    desk.spans(chat(about(**{"score.value": value, "score.label": "x" * 500})))

    rows = counted(store)

    assert of(rows, "evaluation relevance") == {}
    assert of(rows, "label relevance") == {("x" * 40, 0): 1}


def test_a_result_without_a_name_or_a_span_is_not_counted(store: Store, desk: LogDesk) -> None:
    desk.spans(chat(about("", **{"score.value": 1})))
    desk.logs(log(EVENT, about(**{"score.value": 1}), of=span("never sent"), at_ns=START_NS))

    assert not [row for row in counted(store) if row["metric"].startswith(("evaluation", "label"))]


def test_a_long_name_is_cut(store: Store, desk: LogDesk) -> None:
    desk.spans(chat(about("n" * 5_000, **{"score.value": 1})))

    assert of(counted(store), f"evaluation {'n' * 60}") == {("", bin_of(1.0)): 1}
