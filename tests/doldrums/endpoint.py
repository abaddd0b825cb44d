"""A small OTLP/HTTP endpoint that keeps what it is sent and answers as it is told."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceRequest,
    ExportTraceServiceResponse,
)
from opentelemetry.proto.trace.v1.trace_pb2 import Span

Answer = tuple[int, dict[str, str], bytes]
OK: Answer = (200, {}, ExportTraceServiceResponse().SerializeToString())


class Endpoint:
    """Answers `answers` in turn, then OK."""

    def __init__(self, url: str, *answers: Answer) -> None:
        self.url = url
        self.answers = list(answers)
        self.paths: list[str] = []
        self.requests: list[ExportTraceServiceRequest] = []

    def take(self, path: str, body: bytes) -> Answer:
        self.paths.append(path)
        answer = self.answers.pop(0) if self.answers else OK
        if answer[0] == 200:
            self.requests.append(ExportTraceServiceRequest.FromString(body))
        return answer

    @property
    def spans(self) -> list[Span]:
        return [
            span
            for request in self.requests
            for resource_spans in request.resource_spans
            for scope_spans in resource_spans.scope_spans
            for span in scope_spans.spans
        ]


@contextmanager
def listening(*answers: Answer) -> Iterator[Endpoint]:
    """Serve an endpoint while the test runs."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            status, headers, content = endpoint.take(self.path, body)
            self.send_response(status)
            for name, value in {**headers, "Content-Length": str(len(content))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        endpoint = Endpoint(f"http://127.0.0.1:{server.server_address[1]}", *answers)
        thread = threading.Thread(target=server.serve_forever, args=[0.02])
        thread.start()
        try:
            yield endpoint
        finally:
            server.shutdown()
            thread.join()
