"""What a receiver answers, in the encoding of the request."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from google.rpc.error_details_pb2 import RetryInfo
from google.rpc.status_pb2 import Status
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceResponse

from collector.otlp.signal import Signal

Encoding = Literal["protobuf", "json"]

_REJECTED = {
    Signal.TRACES: "rejectedSpans",
    Signal.LOGS: "rejectedLogRecords",
    Signal.METRICS: "rejectedDataPoints",
}

# OTLP asks for responses below 4 MiB; a sentence about a request needs far less
_MESSAGE_CHARACTERS_MAX = 2000


@dataclass(frozen=True)
class PartialSuccess:
    """Spans or log records that were refused out of a request that was otherwise taken."""

    rejected: int
    message: str
    signal: Signal = Signal.TRACES

    @classmethod
    def of(cls, rejected: Mapping[str, int], signal: Signal = Signal.TRACES) -> "PartialSuccess | None":
        """Say in one sentence how many broke which rule; None when there were none."""
        if not rejected:
            return None
        rules = ", ".join(f"{rule} ({items})" for rule, items in sorted(rejected.items()))
        count = sum(rejected.values())
        subject = f"{signal.item} was" if count == 1 else f"{signal.item}s were"
        return cls(count, f"{count} {subject} rejected: {rules}", signal)


def export_response(partial: PartialSuccess | None, encoding: Encoding) -> bytes:
    """Write an Export*ServiceResponse; without partial success it is empty.

    On the wire those of all signals are the same; in JSON the count is named after what it counts.
    """
    if encoding == "json":
        return json.dumps({} if partial is None else {"partialSuccess": _partial_json(partial)}).encode()
    response = ExportTraceServiceResponse()
    if partial is not None:
        response.partial_success.rejected_spans = partial.rejected
        response.partial_success.error_message = partial.message
    return bytes(response.SerializeToString())


def _partial_json(partial: PartialSuccess) -> dict[str, str]:
    return {_REJECTED[partial.signal]: str(partial.rejected), "errorMessage": partial.message}


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
