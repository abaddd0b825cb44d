"""Reports by the real SDK and the real exporters, as a real receiver gets them."""

import pytest
from doldrums_client import OpenSpanProcessor
from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter as GrpcExporter
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter as HttpExporter
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.trace import Link, set_span_in_context

from client.tests.otlp_receiver import OtlpReceiver, until
from client.tests.spans import AGENT, QUICK, Traced, posting_json


def _grpc(receiver: OtlpReceiver) -> OpenSpanProcessor:
    return OpenSpanProcessor(GrpcExporter(receiver.grpc, insecure=True), rhythm=QUICK)


def _http(receiver: OtlpReceiver) -> OpenSpanProcessor:
    return OpenSpanProcessor(HttpExporter(f"http://{receiver.http}/v1/traces"), rhythm=QUICK)


BY_TRANSPORT = {"grpc": _grpc, "http/protobuf": _http, "http/json": posting_json}


@pytest.mark.parametrize("transport", BY_TRANSPORT)
class TestOverTheWire:
    def test_an_open_span_is_sent_again_and_again_without_an_end(
        self, receiver: OtlpReceiver, traced: Traced, transport: str
    ) -> None:
        span = traced(BY_TRANSPORT[transport](receiver)).start_span("invoke_agent planner", attributes=AGENT)

        until(lambda: len(receiver.open()) >= 3)

        sent = receiver.open()[:3]
        assert {one.transport for one in sent} == {transport}
        assert {one.span.span_id.hex() for one in sent} == {f"{span.context.span_id:016x}"}
        assert [one.attributes["doldrums.heartbeat"] for one in sent] == [0, 1, 2]
        assert all(one.attributes["doldrums.open"] is True for one in sent)
        assert sent[0].resource["service.name"] == "crew"
        assert sent[0].scope == "crew.scope"
        assert sent[0].span.start_time_unix_nano == span.start_time

    def test_the_final_span_comes_from_the_applications_own_exporter(
        self, receiver: OtlpReceiver, traced: Traced, transport: str
    ) -> None:
        tracer = traced(BY_TRANSPORT[transport](receiver))
        own = SimpleSpanProcessor(HttpExporter(f"http://{receiver.http}/v1/traces"))
        tracer.span_processor.add_span_processor(own)
        span = tracer.start_span("invoke_agent planner", attributes=AGENT)
        until(receiver.open)

        span.end()

        until(receiver.finished)
        assert len(receiver.finished()) == 1
        assert "doldrums.open" not in receiver.finished()[0].attributes

    def test_what_the_span_has_is_in_the_report(
        self, receiver: OtlpReceiver, traced: Traced, transport: str
    ) -> None:
        tracer = traced(BY_TRANSPORT[transport](receiver))
        other = tracer.start_span("other")
        values = {"text": "smørrebrød", "list": ["a", "b"], "number": -7, "ratio": 0.5, "yes": True}
        span = tracer.start_span(
            "child", set_span_in_context(other), links=[Link(other.context)], attributes=AGENT
        )
        span.set_attributes(values)
        span.add_event("retry", {"attempt": 2})

        until(lambda: any("text" in one.attributes for one in receiver.open("child")))

        sent = receiver.open("child")[-1]
        assert values.items() <= sent.attributes.items()
        assert sent.span.parent_span_id.hex() == f"{other.context.span_id:016x}"
        assert [link.span_id.hex() for link in sent.span.links] == [f"{other.context.span_id:016x}"]
        assert [event.name for event in sent.span.events] == ["retry"]
