import grpc
import pytest
from google.rpc.error_details_pb2 import RetryInfo
from grpc_status import rpc_status

from tests.builders import span
from tests.collector.otlp.builders import body, deep_body, field, request_of_spans_on_the_wire, span_with
from tests.collector.receiver.process import ReceiverProcess, receiver_in


@pytest.mark.otlp(3, 10, 27)
@pytest.mark.parametrize("compression", [grpc.Compression.NoCompression, grpc.Compression.Gzip])
@pytest.mark.parametrize("size", [1, 1_000_000], ids=["small", "large"])
def test_a_request_is_stored(receiver: ReceiverProcess, compression: grpc.Compression, size: int) -> None:
    name = f"grpc {compression} {size}"

    response = receiver.export(body(span(name, {"text": "x" * size})), compression)

    assert not response.HasField("partial_success")
    assert name in receiver.stored


@pytest.mark.otlp(31)
def test_bad_spans_are_a_partial_success(receiver: ReceiverProcess) -> None:
    partial = receiver.export(body(span("good"), span_with(start_time_unix_nano=0))).partial_success

    assert (partial.rejected_spans, partial.error_message) == (
        1,
        "1 span was rejected: start_time_unix_nano is missing (1)",
    )


@pytest.mark.otlp(16, 53)
def test_an_empty_request_succeeds(receiver: ReceiverProcess) -> None:
    assert not receiver.export(b"").HasField("partial_success")


@pytest.mark.otlp(13, 17, 34, 37)
@pytest.mark.parametrize(
    ("sent", "code"),
    [
        pytest.param(b"not protobuf", grpc.StatusCode.INVALID_ARGUMENT, id="not protobuf"),
        pytest.param(deep_body(200), grpc.StatusCode.INVALID_ARGUMENT, id="nested 200 deep"),
        pytest.param(bytes(65 << 20), grpc.StatusCode.RESOURCE_EXHAUSTED, id="65 MiB"),
        pytest.param(
            request_of_spans_on_the_wire(field(2, b"") * 5_000_000),
            grpc.StatusCode.RESOURCE_EXHAUSTED,
            id="five million empty spans",
        ),
    ],
)
def test_what_will_never_be_right_is_answered_with_a_final_code(
    receiver: ReceiverProcess, sent: bytes, code: grpc.StatusCode
) -> None:
    with pytest.raises(grpc.RpcError) as refused:
        receiver.export(sent)

    assert refused.value.code() == code
    assert rpc_status.from_call(refused.value) is None, "a RetryInfo would make the client try again"
    assert receiver.export(b"") is not None


@pytest.mark.otlp(13)
def test_a_compressed_bomb_is_refused(receiver: ReceiverProcess) -> None:
    with pytest.raises(grpc.RpcError) as refused:
        receiver.export(bytes(100 << 20), grpc.Compression.Gzip)

    assert refused.value.code() == grpc.StatusCode.RESOURCE_EXHAUSTED


@pytest.mark.otlp(36, 37)
def test_a_full_disk_is_unavailable_and_says_when_to_try_again(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    with receiver_in(tmp_path_factory.mktemp("full"), free_bytes_min=1 << 60) as full:
        with pytest.raises(grpc.RpcError) as refused:
            full.export(body(span()))

        status = rpc_status.from_call(refused.value)
        retry = RetryInfo()
        assert refused.value.code() == grpc.StatusCode.UNAVAILABLE
        assert status.details[0].Unpack(retry)
        assert retry.retry_delay.ToSeconds() == 10


def test_other_services_are_unimplemented(receiver: ReceiverProcess) -> None:
    call = receiver.channel.unary_unary("/opentelemetry.proto.collector.logs.v1.LogsService/Export")

    with pytest.raises(grpc.RpcError) as refused:
        call(b"", timeout=10)

    assert refused.value.code() == grpc.StatusCode.UNIMPLEMENTED
