import json

from google.rpc.error_details_pb2 import RetryInfo
from google.rpc.status_pb2 import Status
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceResponse

from collector.otlp.response import PartialSuccess, export_response, retry_status, status_response


def test_full_success_is_nothing_in_protobuf_and_an_empty_object_in_json() -> None:
    assert export_response(None, "protobuf") == b""
    assert export_response(None, "json") == b"{}"


def test_partial_success_says_how_many_spans_broke_which_rule() -> None:
    partial = PartialSuccess.of({"trace_id is not 16 bytes": 2, "span_id is all zeros": 1})

    assert partial is not None
    assert partial.message == "3 spans were rejected: span_id is all zeros (1), trace_id is not 16 bytes (2)"
    read = ExportTraceServiceResponse.FromString(export_response(partial, "protobuf")).partial_success
    assert (read.rejected_spans, read.error_message) == (3, partial.message)
    assert json.loads(export_response(partial, "json")) == {
        "partialSuccess": {"rejectedSpans": "3", "errorMessage": partial.message}
    }


def test_what_was_repaired_is_a_warning_or_stands_beside_what_was_rejected() -> None:
    assert PartialSuccess.of({}, 1) == PartialSuccess(0, "1 string was not UTF-8, and repaired")
    assert PartialSuccess.of({"span_id is all zeros": 1}, 2) == PartialSuccess(
        1, "1 span was rejected: span_id is all zeros (1); 2 strings were not UTF-8, and repaired"
    )


def test_no_rejection_is_no_partial_success() -> None:
    assert PartialSuccess.of({}) is None


def test_an_error_is_a_status_in_either_encoding() -> None:
    assert Status.FromString(status_response(3, "wrong", "protobuf")) == Status(code=3, message="wrong")
    assert json.loads(status_response(3, "wrong", "json")) == {"code": 3, "message": "wrong"}


def test_a_long_message_is_cut() -> None:
    assert len(status_response(3, "x" * 10_000_000, "json")) < 4_000


def test_what_a_client_sent_may_be_no_unicode() -> None:
    assert Status.FromString(status_response(3, "a\ud800z", "protobuf")).message == "a?z"


def test_the_status_to_try_again_says_when() -> None:
    status = Status.FromString(retry_status(14, "later", 10))
    retry = RetryInfo()

    assert status.details[0].Unpack(retry)
    assert retry.retry_delay.ToSeconds() == 10
