"""Who may send: over both transports, as real exporters and raw callers see it."""

from collections.abc import Iterator
from pathlib import Path

import grpc
import httpx
import pytest
from google.rpc import code_pb2
from google.rpc.error_details_pb2 import RetryInfo
from google.rpc.status_pb2 import Status
from grpc_status import rpc_status
from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter as GrpcExporter
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter as HttpExporter
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor, SpanExporter

from collector.journal.record import records
from collector.journal.segment import segments
from collector.keys.key import Rates
from collector.keys.key_file import FILE_NAME, write_keys
from collector.keys.keyring import Keyring
from collector.otlp.signal import Signal
from tests.builders import span
from tests.collector.keys.made import made
from tests.collector.otlp.builders import body, field
from tests.collector.receiver.process import EXPORT, JSON, PROTOBUF, ReceiverProcess, receiver_in
from tests.log_builders import heartbeat, log, logs_request
from tests.prometheus import samples
from tests.service import until

SHOP, SHOP_TEXT = made("shop")
BANK, BANK_TEXT = made("bank")
READER, READER_TEXT = made("shop", "query")
SLOW, SLOW_TEXT = made("slow", rates=Rates(spans_per_s=1))
RING = Keyring([SHOP, BANK, READER, SLOW], None)


@pytest.fixture(scope="module")
def receiver(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ReceiverProcess]:
    data_dir: Path = tmp_path_factory.mktemp("receiver") / "data"
    data_dir.mkdir()
    write_keys(data_dir / FILE_NAME, RING)
    with receiver_in(data_dir, with_keys=True, segment_age_ms_max=600_000) as started:
        yield started


def call(receiver: ReceiverProcess, sent: bytes, *metadata: tuple[str, str]) -> None:
    receiver.channel.unary_unary(EXPORT)(sent, timeout=60, metadata=metadata)


def projects(receiver: ReceiverProcess) -> dict[str, str]:
    """The project of each span in the journal, by its name, and of each log record, by its event."""
    folders, found = receiver.folders, {}
    for folder in (folders.open, folders.sealed):
        for segment in segments(folder):
            for record in records((folder / segment.file_name).read_bytes()):
                sent = segment.signal.request.FromString(record.body)
                if segment.signal is Signal.LOGS:
                    names = [each.event_name for each in sent.resource_logs[0].scope_logs[0].log_records]
                else:
                    names = [each.name for each in sent.resource_spans[0].scope_spans[0].spans]
                found |= dict.fromkeys(names, record.project)
    return found


@pytest.mark.parametrize("transport", ["http", "grpc"])
def test_real_exporters_send_for_the_project_of_their_key(receiver: ReceiverProcess, transport: str) -> None:
    for text in (SHOP_TEXT, BANK_TEXT):
        headers = {"x-api-key": text} if text == SHOP_TEXT else {"authorization": f"Bearer {text}"}
        exporter: SpanExporter
        if transport == "http":
            exporter = HttpExporter(f"{receiver.url}/v1/traces", headers=headers)
        else:
            exporter = GrpcExporter(receiver.grpc_address, insecure=True, headers=headers)
        provider = TracerProvider(shutdown_on_exit=False)
        provider.add_span_processor(SimpleSpanProcessor(exporter))
        provider.get_tracer("tests").start_span(f"{transport} {text[:11]}").end()
        provider.shutdown()

    found = projects(receiver)
    assert found[f"{transport} pk_{SHOP.id}"] == "shop"
    assert found[f"{transport} pk_{BANK.id}"] == "bank"


def test_what_a_body_says_of_its_project_counts_for_nothing(receiver: ReceiverProcess) -> None:
    forged = body(span("forged")) + field(1000, b"bank")

    assert receiver.post(forged, x_api_key=SHOP_TEXT).status_code == 200
    assert projects(receiver)["forged"] == "shop"


def post_to(receiver: ReceiverProcess, path: str, sent: bytes, **headers: str) -> httpx.Response:
    headers = {name.replace("_", "-"): value for name, value in headers.items()}
    return receiver.http.post(path, content=sent, headers={"content-type": PROTOBUF} | headers)


@pytest.mark.parametrize("signal", ["logs", "metrics"])
def test_logs_and_metrics_need_a_key_too(receiver: ReceiverProcess, signal: str) -> None:
    service = f"opentelemetry.proto.collector.{signal}.v1.{signal.capitalize()}Service"
    with pytest.raises(grpc.RpcError) as refused:
        receiver.channel.unary_unary(f"/{service}/Export")(b"", timeout=60)

    assert refused.value.code() == grpc.StatusCode.UNAUTHENTICATED
    assert post_to(receiver, f"/v1/{signal}", b"").status_code == 401
    assert post_to(receiver, f"/v1/{signal}", b"", x_api_key=READER_TEXT).status_code == 403
    assert post_to(receiver, f"/v1/{signal}", b"", x_api_key=SHOP_TEXT).status_code == 200


def test_log_records_and_the_spans_they_report_are_of_the_project_of_the_key(
    receiver: ReceiverProcess,
) -> None:
    sent = logs_request(heartbeat(span("beats")), log("gen_ai.choice", of=span("of")))

    assert post_to(receiver, "/v1/logs", sent.SerializeToString(), x_api_key=BANK_TEXT).status_code == 200

    found = projects(receiver)
    assert (found["beats"], found["gen_ai.choice"]) == ("bank", "bank")


def test_log_records_count_as_spans_do_towards_a_key_s_limit(tmp_path: Path) -> None:
    key, text = made("slow", rates=Rates(spans_per_s=1))
    data_dir = tmp_path / "data"
    data_dir.mkdir()
    write_keys(data_dir / FILE_NAME, Keyring([key], None))
    many = logs_request(*(log("gen_ai.choice", of=span("of")) for _ in range(1_000))).SerializeToString()
    with receiver_in(data_dir, with_keys=True) as receiver:
        assert post_to(receiver, "/v1/logs", many, x_api_key=text).status_code == 200
        limited = post_to(receiver, "/v1/logs", many, x_api_key=text)
        assert receiver.post(body(span()), x_api_key=text).status_code == 429

        told = samples(receiver.http.get("/metrics").text)
        receiver.post(body(span()))
        again = samples(receiver.http.get("/metrics").text)

    assert limited.status_code == 429
    assert told["doldrums_receiver_requests_rate_limited_total"] == 2
    assert again["doldrums_receiver_requests_unauthorized_total"] == 1


NONE = 401, code_pb2.UNAUTHENTICATED, grpc.StatusCode.UNAUTHENTICATED
NOT_THIS = 403, code_pb2.PERMISSION_DENIED, grpc.StatusCode.PERMISSION_DENIED


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        pytest.param({}, NONE, id="none"),
        pytest.param({"x-api-key": made()[1]}, NONE, id="unknown"),
        pytest.param({"authorization": "Basic 8J+Yig=="}, NONE, id="of another kind"),
        pytest.param({"x-api-key": READER_TEXT}, NOT_THIS, id="for reading"),
    ],
)
def test_without_the_right_key_the_answer_is_final_and_nothing_is_stored(
    receiver: ReceiverProcess, headers: dict[str, str], expected: tuple[int, int, grpc.StatusCode]
) -> None:
    before, (status, code, grpc_code) = receiver.stored, expected
    answer = receiver.post(body(span("uninvited")), **headers)
    json_answer = receiver.post(b"{}", JSON, **headers)
    with pytest.raises(grpc.RpcError) as refused:
        call(receiver, body(span("uninvited")), *headers.items())

    assert (answer.status_code, Status.FromString(answer.content).code) == (status, code)
    assert (json_answer.status_code, json_answer.json()["code"]) == (status, code)
    assert ("www-authenticate" in answer.headers) == (status == 401)
    assert refused.value.code() == grpc_code
    assert rpc_status.from_call(refused.value) is None
    assert receiver.stored == before


def test_a_key_over_its_limit_is_told_when_to_come_again_and_others_are_not(
    receiver: ReceiverProcess,
) -> None:
    many = body(*(span("slow") for _ in range(1_000)))
    assert receiver.post(many, x_api_key=SLOW_TEXT).status_code == 200

    answer = receiver.post(body(span("too much")), x_api_key=SLOW_TEXT)
    with pytest.raises(grpc.RpcError) as refused:
        call(receiver, body(span("too much")), ("x-api-key", SLOW_TEXT))

    assert (answer.status_code, Status.FromString(answer.content).code) == (429, code_pb2.RESOURCE_EXHAUSTED)
    assert 900 < int(answer.headers["retry-after"]) <= 995
    assert refused.value.code() == grpc.StatusCode.RESOURCE_EXHAUSTED
    retry = RetryInfo()
    assert rpc_status.from_call(refused.value).details[0].Unpack(retry)
    assert 900 < retry.retry_delay.seconds <= 995
    assert receiver.post(body(span("of the bank")), x_api_key=BANK_TEXT).status_code == 200
    assert "too much" not in receiver.stored


def test_an_exporter_over_grpc_waits_for_its_turn_and_loses_nothing(tmp_path: Path) -> None:
    """Over HTTP, Python's takes 429 as final."""
    key, text = made("slow", rates=Rates(requests_per_s=0.4))
    data_dir = tmp_path / "data"
    data_dir.mkdir()
    write_keys(data_dir / FILE_NAME, Keyring([key], None))
    with receiver_in(data_dir, with_keys=True) as receiver:
        exporter = GrpcExporter(receiver.grpc_address, insecure=True, headers={"x-api-key": text}, timeout=60)
        provider = TracerProvider(shutdown_on_exit=False)
        provider.add_span_processor(SimpleSpanProcessor(exporter))
        for number in range(4):
            provider.get_tracer("tests").start_span(f"{number}").end()
        provider.shutdown()

        assert receiver.stored == [str(number) for number in range(4)]
        receiver.stop()
        assert receiver.snapshot.counters.limited["slow"] >= 1


def test_keys_come_and_go_while_it_runs(tmp_path: Path) -> None:
    data_dir = tmp_path / "data"
    with receiver_in(data_dir, with_keys=True) as receiver:
        assert receiver.post(body(span()), x_api_key=SHOP_TEXT).status_code == 503
        assert httpx.get(f"{receiver.url}/readyz").status_code == 503
        assert httpx.get(f"{receiver.url}/healthz").status_code == 200

        write_keys(data_dir / FILE_NAME, RING)
        assert receiver.post(body(span()), x_api_key=SHOP_TEXT).status_code == 200
        assert httpx.get(f"{receiver.url}/readyz").status_code == 200

        write_keys(data_dir / FILE_NAME, Keyring([BANK], None))
        until(lambda: receiver.post(body(span()), x_api_key=SHOP_TEXT).status_code == 401, timeout_s=30)
        assert receiver.post(body(span()), x_api_key=BANK_TEXT).status_code == 200

        receiver.stop()
        counters = receiver.snapshot.counters
        assert counters.unauthorized == 1
        assert {name: tally.accepted > 0 for name, tally in counters.projects.items()} == {
            "shop": True,
            "bank": True,
        }


def test_logfire_is_told_its_project_or_that_its_token_is_none(receiver: ReceiverProcess) -> None:
    asked = {
        text: httpx.get(f"{receiver.url}/v1/info", headers={"authorization": text})
        for text in (BANK_TEXT, "another-token")
    }

    assert asked[BANK_TEXT].json()["project_name"] == "bank"
    assert asked["another-token"].status_code == 401
