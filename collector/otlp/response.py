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
    """Spans that were refused out of a request that was otherwise stored, or, with none, a warning."""

    rejected_spans: int
    message: str

    @classmethod
    def of(cls, rejected: Mapping[str, int], repaired_strings: int = 0) -> "PartialSuccess | None":
        """Say how many spans broke which rule and what was repaired; None when all was well."""
        count, faults = sum(rejected.values()), []
        if rejected:
            rules = ", ".join(f"{rule} ({spans})" for rule, spans in sorted(rejected.items()))
            faults.append(f"{_counted(count, 'span')} rejected: {rules}")
        if repaired_strings:
            faults.append(f"{_counted(repaired_strings, 'string')} not UTF-8, and repaired")
        return cls(count, "; ".join(faults)) if faults else None


def _counted(count: int, what: str) -> str:
    return f"{count} {what} was" if count == 1 else f"{count} {what}s were"


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
    message = _fit(message)
    if encoding == "json":
        return json.dumps({"code": code, "message": message}).encode()
    return bytes(Status(code=code, message=message).SerializeToString())


def retry_status(code: int, message: str, retry_after_s: int) -> bytes:
    """Write the Status that says when to try again, for gRPC's trailer `grpc-status-details-bin`."""
    status = Status(code=code, message=_fit(message))
    retry = RetryInfo()
    retry.retry_delay.FromSeconds(retry_after_s)
    status.details.add().Pack(retry)
    return bytes(status.SerializeToString())


def _fit(message: str) -> str:
    """Cut a message to size; what a client sent may be part of it, and no Unicode."""
    return message[:_MESSAGE_CHARACTERS_MAX].encode("utf-8", "replace").decode()
