"""What a receiver answers, in the encoding of the request."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from google.rpc.error_details_pb2 import RetryInfo
from google.rpc.status_pb2 import Status
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceResponse

Encoding = Literal["protobuf", "json"]

# OTLP asks for responses below 4 MiB; a sentence about a request needs far less
_MESSAGE_CHARACTERS_MAX = 2000


@dataclass(frozen=True)
class PartialSuccess:
    """Spans that were refused out of a request that was otherwise stored."""

    rejected_spans: int
    message: str

    @classmethod
    def of(cls, rejected: Mapping[str, int]) -> "PartialSuccess | None":
        """Say in one sentence how many spans broke which rule; None when there were none."""
        if not rejected:
            return None
        rules = ", ".join(f"{rule} ({spans})" for rule, spans in sorted(rejected.items()))
        count = sum(rejected.values())
        return cls(count, f"{count} {'span was' if count == 1 else 'spans were'} rejected: {rules}")


def export_response(partial: PartialSuccess | None, encoding: Encoding) -> bytes:
    """Write an ExportTraceServiceResponse; without partial success it is empty."""
    if encoding == "json":
        return json.dumps({} if partial is None else {"partialSuccess": _partial_json(partial)}).encode()
    response = ExportTraceServiceResponse()
    if partial is not None:
        response.partial_success.rejected_spans = partial.rejected_spans
        response.partial_success.error_message = partial.message
    return bytes(response.SerializeToString())


def _partial_json(partial: PartialSuccess) -> dict[str, str]:
    return {"rejectedSpans": str(partial.rejected_spans), "errorMessage": partial.message}


def status_response(code: int, message: str, encoding: Encoding) -> bytes:
    """Write a google.rpc.Status, as OTLP wants every error's body to be."""
    message = message[:_MESSAGE_CHARACTERS_MAX]
    if encoding == "json":
        return json.dumps({"code": code, "message": message}).encode()
    return bytes(Status(code=code, message=message).SerializeToString())


def retry_status(code: int, message: str, retry_after_s: int) -> bytes:
    """Write the Status that says when to try again, for gRPC's trailer `grpc-status-details-bin`."""
    status = Status(code=code, message=message[:_MESSAGE_CHARACTERS_MAX])
    retry = RetryInfo()
    retry.retry_delay.FromSeconds(retry_after_s)
    status.details.add().Pack(retry)
    return bytes(status.SerializeToString())
