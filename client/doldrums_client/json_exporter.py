"""JsonSpanExporter: OTLP/JSON over HTTP with the standard library alone."""

import json
import os
from collections.abc import Sequence
from urllib.parse import urlsplit
from urllib.request import ProxyHandler, Request, build_opener

from opentelemetry.sdk.environment_variables import OTEL_EXPORTER_OTLP_HEADERS
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import SpanExporter, SpanExportResult
from opentelemetry.util.re import parse_env_headers

from doldrums_client.otlp_json import request

_TRACES_PATH = "/v1/traces"
_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


class JsonSpanExporter(SpanExporter):
    """Posts spans as OTLP/JSON, once; what goes wrong is raised, and who calls may try again.

    Each request has a connection of its own, so a forked process shares none with its parent. Headers,
    such as an API key, are those of OTEL_EXPORTER_OTLP_HEADERS, as every exporter has them.

    Parameters
    ----------
    endpoint
        ``http://host:4318``, to which the standard path is added, or a whole URL with a path.
    timeout_s
        Seconds that a connection, and each read from it, may take.
    """

    def __init__(self, endpoint: str, timeout_s: float = 10.0) -> None:
        parts = urlsplit(endpoint)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise ValueError(f"endpoint must be like http://127.0.0.1:4318, not {endpoint!r}")
        self._url = endpoint if parts.path.strip("/") else endpoint.rstrip("/") + _TRACES_PATH
        self._timeout_s = timeout_s
        said = parse_env_headers(os.environ.get(OTEL_EXPORTER_OTLP_HEADERS, ""), liberal=True)
        self._headers = {**said, "Content-Type": "application/json"}
        # A proxy that the environment names cannot reach what listens on this machine.
        is_beside_us = parts.hostname in _LOOPBACK
        self._opener = build_opener(ProxyHandler({})) if is_beside_us else build_opener()

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        body = json.dumps(request(spans), ensure_ascii=False).encode(errors="replace")
        post = Request(self._url, body, self._headers)  # noqa: S310 - checked above
        with self._opener.open(post, timeout=self._timeout_s) as answer:
            answer.read()
        return SpanExportResult.SUCCESS
