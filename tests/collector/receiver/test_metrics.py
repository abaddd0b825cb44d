"""GET /metrics of a real receiver: what it counts, in Prometheus' form, and to whom it is told."""

from pathlib import Path
from typing import Any

import pytest
from prometheus_client import CollectorRegistry

from collector.exposition import Exposition
from tests.builders import span
from tests.collector.otlp.builders import body
from tests.collector.receiver.process import JSON, ReceiverProcess, receiver_in
from tests.log_builders import log, logs_request
from tests.prometheus import faults, samples

LOCAL = {"client": ("127.0.0.1", 40_000), "headers": []}


def metrics(receiver: ReceiverProcess) -> dict[str, float]:
    return samples(receiver.http.get("/metrics").text)


def test_what_is_sent_is_counted_by_transport_and_encoding(receiver: ReceiverProcess) -> None:
    before = metrics(receiver)

    receiver.post(body(span("a"), span("b")))
    receiver.post(b"nonsense")
    receiver.post(b"{}", JSON)
    receiver.export(body(span("c")))

    after = metrics(receiver)
    http, grpc = '{encoding="protobuf",transport="http"}', '{encoding="protobuf",transport="grpc"}'
    risen = {name: after[name] - before[name] for name in before if after[name] != before[name]}
    assert risen[f"doldrums_receiver_spans_accepted_total{http}"] == 2
    assert risen[f"doldrums_receiver_requests_accepted_total{http}"] == 1
    assert risen[f"doldrums_receiver_requests_refused_total{http}"] == 1
    assert risen['doldrums_receiver_requests_accepted_total{encoding="json",transport="http"}'] == 1
    assert risen[f"doldrums_receiver_spans_accepted_total{grpc}"] == 1
    assert risen["doldrums_receiver_journal_fsync_seconds_count"] == 2
    assert risen["doldrums_receiver_journal_written_bytes_total"] > 0
    assert after["doldrums_receiver_ready"] == 1


def test_log_records_are_counted_as_spans_are_and_what_is_dropped_too(receiver: ReceiverProcess) -> None:
    before = metrics(receiver)

    sent = logs_request(log("gen_ai.choice", of=span("a")), log("of nothing"))
    receiver.http.post(
        "/v1/logs", content=sent.SerializeToString(), headers={"content-type": "application/x-protobuf"}
    )

    after = metrics(receiver)
    risen = {name: after[name] - before[name] for name in before if after[name] != before[name]}
    accepted = 'doldrums_receiver_log_records_accepted_total{encoding="protobuf",transport="http"}'
    assert risen[accepted] == 1
    assert risen['doldrums_receiver_items_dropped_total{signal="logs"}'] == 1


def test_prometheus_finds_no_fault_with_the_text(receiver: ReceiverProcess) -> None:
    answer = receiver.http.get("/metrics")

    assert answer.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
    assert faults(answer.text) == []


def test_counters_begin_at_zero_with_the_process_and_the_journal_s_state_does_not(tmp_path: Path) -> None:
    name = 'doldrums_receiver_spans_accepted_total{encoding="protobuf",transport="http"}'
    for _ in range(2):
        with receiver_in(tmp_path / "data", segment_age_ms_max=600_000) as receiver:
            assert metrics(receiver)[name] == 0
            receiver.post(body(span()))
            assert metrics(receiver)[name] == 1
            receiver.stop()
    with receiver_in(tmp_path / "data") as receiver:
        assert receiver.snapshot.spans_accepted == 2
        assert metrics(receiver)["doldrums_receiver_journal_backlog_bytes"] > 0
        assert metrics(receiver)["doldrums_receiver_journal_backlog_age_seconds"] > 0


@pytest.mark.parametrize(
    ("client", "headers", "status"),
    [
        pytest.param("127.0.0.1", [], 200, id="this machine"),
        pytest.param("::ffff:127.0.0.1", [], 200, id="this machine over IPv6"),
        pytest.param("192.0.2.1", [], 403, id="another one"),
        pytest.param("127.0.0.1", [(b"x-forwarded-for", b"127.0.0.1")], 403, id="whoever a proxy speaks for"),
        pytest.param("", [], 403, id="nobody knows who"),
    ],
)
def test_without_a_token_only_this_machine_may_read(client: str, headers: Any, status: int) -> None:
    exposition = Exposition(CollectorRegistry(), None)

    answered, _ = exposition.answer({"client": (client, 1), "headers": headers})

    assert answered == status


@pytest.mark.parametrize(
    ("given", "status"), [(b"Bearer a-long-enough-token", 200), (b"Bearer another", 401), (b"", 401)]
)
def test_with_a_token_whoever_has_it_may_read(given: bytes, status: int) -> None:
    exposition = Exposition(CollectorRegistry(), "a-long-enough-token")

    answered, text = exposition.answer({**LOCAL, "headers": [(b"authorization", given)]})

    assert answered == status
    assert b"a-long-enough-token" not in text
