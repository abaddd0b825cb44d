"""Every call of the API as a histogram, and as a span when traces are sent somewhere."""

import time

from opentelemetry import trace
from opentelemetry.trace import SpanKind, StatusCode
from prometheus_client import Histogram
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_tracer = trace.get_tracer(__name__)
_CALL_S = Histogram(
    "doldrums_core_api_call_seconds",
    "Time of an API call, by the route's pattern",
    ["route", "code"],
    buckets=(0.01, 0.05, 0.25, 1, 5, 30),
)
_API = "/api/"


class Observed:
    """Wraps the application. What is asked for beside the API, such as health, is not looked at."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].startswith(_API):
            await self._app(scope, receive, send)
            return
        code, began_s = 500, time.perf_counter()

        async def send_and_look(message: Message) -> None:
            nonlocal code
            code = message.get("status", code)
            await send(message)

        with _tracer.start_as_current_span("call", kind=SpanKind.SERVER) as span:
            try:
                await self._app(scope, receive, send_and_look)
            finally:
                # the pattern, never the path: that has ids in it, and a search for words
                route = getattr(scope.get("route"), "path", "none")
                span.update_name(f"{scope['method']} {route}")
                span.set_attribute("http.route", route)
                span.set_attribute("http.response.status_code", code)
                if code >= 500:
                    span.set_status(StatusCode.ERROR)
                _CALL_S.labels(route, code).observe(time.perf_counter() - began_s)
