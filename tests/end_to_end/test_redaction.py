"""A secret that exporters send is in no file of the service but in the journal, which keeps what came.

Beside each secret stands a word that is none: it is looked for in the same way, so the search is one
that finds.
"""

import secrets
import string
from collections.abc import Sequence
from pathlib import Path

from opentelemetry.exporter.otlp.proto.http._log_exporter import OTLPLogExporter
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk._logs import LoggerProvider
from opentelemetry.sdk._logs.export import BatchLogRecordProcessor
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import Link, Status, StatusCode

from tests.end_to_end.test_exporters import wait_for_trace
from tests.service import Service, until


class Pairs:
    """Texts of a word and a secret, each fresh: compression leaves what occurs once as it is."""

    def __init__(self) -> None:
        self.words: list[str] = []
        self.secrets: list[str] = []

    def text(self, before: str = "") -> str:
        self.words.append(_random())
        self.secrets.append(_random())
        return f"{before}{self.words[-1]} sk-proj-{self.secrets[-1]}"


def _random() -> str:
    return "".join(secrets.choice(string.ascii_letters + string.digits) for _ in range(32))


def test_no_file_but_the_journal_holds_a_secret(service: Service) -> None:
    pairs = Pairs()
    traces = TracerProvider(resource=Resource({"service.name": "bank", "launched.by": pairs.text()}))
    traces.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(f"{service.url('otlp_http')}/v1/traces")))
    logs = LoggerProvider()
    logs.add_log_record_processor(
        BatchLogRecordProcessor(OTLPLogExporter(f"{service.url('otlp_http')}/v1/logs"))
    )
    tracer = traces.get_tracer("tests", attributes={"scope.text": pairs.text()})
    with tracer.start_as_current_span(pairs.text("pay ")) as root:
        context = root.get_span_context()
        attributes = {
            "gen_ai.operation.name": "execute_tool",
            "gen_ai.tool.name": "pay",
            "gen_ai.tool.call.arguments": pairs.text(),
            "gen_ai.input.messages": pairs.text("x" * 3000),
            "list": [pairs.text(), "b"],
            "db.password": pairs.secrets[-1],
        }
        with tracer.start_as_current_span(
            "execute_tool", links=[Link(context, {"why": pairs.text()})], attributes=attributes
        ) as span:
            span.add_event(pairs.text("event "), {"exception.message": pairs.text()})
            span.set_status(Status(StatusCode.ERROR, pairs.text()))
            logs.get_logger("tests").emit(
                event_name="gen_ai.client.inference.operation.details",
                body=pairs.text(),
                attributes={"gen_ai.output.messages": pairs.text()},
            )
    logs.shutdown()
    traces.shutdown()
    trace = wait_for_trace(service, f"{context.trace_id:032x}", spans=2)
    path = f"/traces/{context.trace_id:032x}/spans/{trace['spans'][1]['span_id']}"
    until(lambda: service.get(path)["output"], 60)

    until(
        lambda: len(found(service.folder, pairs.words)) == len(pairs.words),
        60,
        lambda: f"not found: {set(pairs.words) - found(service.folder, pairs.words)}",
    )
    assert not found(service.folder, pairs.secrets)

    seen = service.get(path)
    assert "[redacted: openai-key]" in seen["error_message"]
    assert any(mark.startswith("redacted:") for mark in seen["marks"])


def found(folder: Path, texts: Sequence[str]) -> set[str]:
    """Which of the texts are in a file of the service that is not the journal's; a third of one will do.

    Compression refers back to four characters that were there before, so now and then it parts a text.
    """
    seen: set[str] = set()
    for file in folder.rglob("*"):
        if "journal" in file.relative_to(folder).parts or not file.is_file():
            continue
        try:
            data = file.read_bytes()
        except FileNotFoundError:
            continue  # a part that was merged meanwhile
        seen.update(text for text in texts if any(text[n : n + 10].encode() in data for n in (0, 10, 20)))
    return seen
