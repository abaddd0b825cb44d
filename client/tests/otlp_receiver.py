"""OtlpReceiver: a small real OTLP server for tests, over HTTP (protobuf and JSON) and gRPC."""

import base64
import gzip
import json
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import grpc
from google.protobuf import json_format
from opentelemetry.proto.collector.trace.v1 import trace_service_pb2_grpc as service
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceRequest,
    ExportTraceServiceResponse,
)
from opentelemetry.proto.common.v1.common_pb2 import AnyValue, KeyValue
from opentelemetry.proto.trace.v1.trace_pb2 import Span


@dataclass(frozen=True)
class Received:
    """One span as it came: over which transport, from which resource and scope."""

    transport: str
    resource: dict[str, Any]
    scope: str
    span: Span

    @property
    def attributes(self) -> dict[str, Any]:
        return _attributes(self.span.attributes)

    @property
    def is_open(self) -> bool:
        return self.span.end_time_unix_nano == 0


@dataclass
class OtlpReceiver:
    """What was received, and where; `status` other than 200 refuses HTTP requests."""

    http: str = ""
    grpc: str = ""
    status: int = 200
    requests: int = 0
    spans: list[Received] = field(default_factory=list)

    def take(self, transport: str, request: ExportTraceServiceRequest) -> None:
        for resource_spans in request.resource_spans:
            resource = _attributes(resource_spans.resource.attributes)
            for scope_spans in resource_spans.scope_spans:
                name = scope_spans.scope.name
                self.spans += [Received(transport, resource, name, span) for span in scope_spans.spans]

    def open(self, name: str = "") -> list[Received]:
        return [one for one in list(self.spans) if one.is_open and name in one.span.name]

    def finished(self, name: str = "") -> list[Received]:
        return [one for one in list(self.spans) if not one.is_open and name in one.span.name]


@contextmanager
def serving() -> Iterator[OtlpReceiver]:
    """Serve on free ports of 127.0.0.1 until the block is left."""
    receiver = OtlpReceiver()
    web = ThreadingHTTPServer(("127.0.0.1", 0), _handler(receiver))
    rpc = grpc.server(ThreadPoolExecutor(4))
    service.add_TraceServiceServicer_to_server(_servicer(receiver), rpc)
    receiver.http = f"127.0.0.1:{web.server_port}"
    receiver.grpc = f"127.0.0.1:{rpc.add_insecure_port('127.0.0.1:0')}"
    threading.Thread(target=web.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    rpc.start()
    try:
        yield receiver
    finally:
        rpc.stop(0).wait()
        web.shutdown()
        web.server_close()


def until(condition: Callable[[], object], deadline_s: float = 60) -> None:
    """Return once `condition` holds; fail when it does not within `deadline_s`."""
    end_s = time.monotonic() + deadline_s
    while not condition():
        assert time.monotonic() < end_s, "the condition never held"
        time.sleep(0.01)


def _handler(receiver: OtlpReceiver) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            receiver.requests += 1
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if self.headers.get("Content-Encoding") == "gzip":
                body = gzip.decompress(body)
            if receiver.status == 200:
                self._take(body)
            self.send_response(receiver.status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def _take(self, body: bytes) -> None:
            if self.headers["Content-Type"] == "application/json":
                receiver.take("http/json", from_json(json.loads(body)))
            else:
                receiver.take("http/protobuf", ExportTraceServiceRequest.FromString(body))

        def log_message(self, *_: Any) -> None:
            """Stay silent: the test reads what was received."""

    return Handler


def _servicer(receiver: OtlpReceiver) -> service.TraceServiceServicer:
    class Servicer(service.TraceServiceServicer):
        def Export(self, request: Any, _context: Any) -> ExportTraceServiceResponse:  # noqa: N802 - gRPC's name
            receiver.take("grpc", request)
            return ExportTraceServiceResponse()

    return Servicer()


def from_json(body: dict[str, Any]) -> ExportTraceServiceRequest:
    """Parse OTLP/JSON, whose ids are hex where protobuf's own JSON has base64."""

    def with_base64_ids(value: Any) -> Any:
        if isinstance(value, list):
            return [with_base64_ids(item) for item in value]
        if isinstance(value, dict):
            return {
                key: base64.b64encode(bytes.fromhex(item)).decode()
                if key in {"traceId", "spanId", "parentSpanId"}
                else with_base64_ids(item)
                for key, item in value.items()
            }
        return value

    return json_format.ParseDict(with_base64_ids(body), ExportTraceServiceRequest())


def _attributes(pairs: Any) -> dict[str, Any]:
    return {pair.key: _value(pair.value) for pair in pairs if isinstance(pair, KeyValue)}


def _value(value: AnyValue) -> Any:
    match value.WhichOneof("value"):
        case None:
            return None
        case "array_value":
            return [_value(item) for item in value.array_value.values]
        case "kvlist_value":
            return _attributes(value.kvlist_value.values)
        case kind:
            return getattr(value, kind)
