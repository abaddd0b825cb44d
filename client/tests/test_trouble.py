"""Servers that are away, exporters that fail, shutdown, and wrong use."""

import logging
import socket
import threading

import pytest
from doldrums_client import OpenSpanProcessor, Rhythm
from opentelemetry.context import _SUPPRESS_INSTRUMENTATION_KEY, get_value
from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter as GrpcExporter
from opentelemetry.sdk.trace.export import SpanExporter, SpanExportResult

from client.tests.otlp_receiver import OtlpReceiver, until
from client.tests.spans import AGENT, QUICK, Traced, posting_json


class TestTrouble:
    def test_an_unreachable_server_costs_one_warning_and_counted_drops(
        self, traced: Traced, caplog: pytest.LogCaptureFixture
    ) -> None:
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))  # bound and not listening: connections are refused
            port = taken.getsockname()[1]
            processor = OpenSpanProcessor(endpoint=f"http://127.0.0.1:{port}", rhythm=QUICK)
            span = traced(processor).start_span("agent", attributes=AGENT)

            with caplog.at_level(logging.WARNING, "doldrums_client"):
                until(lambda: processor.counters().dropped >= 2)

        (warning,) = [one.getMessage() for one in caplog.records if one.name == "doldrums_client"]
        assert "Connection refused" in warning
        span.end()

    def test_after_a_failure_it_backs_off(self, receiver: OtlpReceiver, traced: Traced) -> None:
        receiver.status = 503
        processor = posting_json(receiver)
        span = traced(processor).start_span("agent", attributes=AGENT)
        until(lambda: processor.counters().dropped)

        # the pause of a second is far longer than a beat, and a flush within it sends nothing
        assert processor.force_flush() is False
        assert receiver.requests == 1
        span.end()

    def test_it_reports_again_when_the_server_is_back(self, receiver: OtlpReceiver, traced: Traced) -> None:
        receiver.status = 503
        processor = posting_json(receiver)
        span = traced(processor).start_span("agent", attributes=AGENT)
        until(lambda: processor.counters().dropped)

        receiver.status = 200

        until(receiver.open)
        lost = processor.counters().dropped
        assert receiver.open()[0].attributes["doldrums.heartbeat"] == lost
        span.end()

    def test_an_exporter_that_raises_does_not_end_the_reports(self, traced: Traced) -> None:
        class Broken(SpanExporter):
            calls = 0

            def export(self, *_: object) -> SpanExportResult:
                self.calls += 1
                raise RuntimeError("no luck")

        exporter = Broken()
        processor = OpenSpanProcessor(exporter, rhythm=QUICK)
        span = traced(processor).start_span("agent", attributes=AGENT)

        until(lambda: exporter.calls >= 2)
        span.end()

    def test_a_proxy_does_not_stand_between_us_and_this_machine(
        self, receiver: OtlpReceiver, traced: Traced, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
        span = traced(posting_json(receiver)).start_span("agent", attributes=AGENT)

        until(receiver.open)
        span.end()

    def test_what_the_exporter_does_is_not_traced(self, traced: Traced) -> None:
        class Watching(SpanExporter):
            suppressed: object = None

            def export(self, *_: object) -> SpanExportResult:
                self.suppressed = get_value(_SUPPRESS_INSTRUMENTATION_KEY)
                return SpanExportResult.SUCCESS

        exporter = Watching()
        span = traced(OpenSpanProcessor(exporter, rhythm=QUICK)).start_span("agent", attributes=AGENT)

        until(lambda: exporter.suppressed is not None)

        assert exporter.suppressed is True
        span.end()

    def test_an_export_that_hangs_holds_up_neither_start_nor_end_nor_shutdown(self, traced: Traced) -> None:
        class Hanging(SpanExporter):
            entered, released = threading.Event(), threading.Event()

            def export(self, *_: object) -> SpanExportResult:
                self.entered.set()
                self.released.wait(120)
                return SpanExportResult.SUCCESS

        exporter = Hanging()
        processor = OpenSpanProcessor(exporter, rhythm=QUICK)
        tracer = traced(processor)
        agent = tracer.start_span("agent", attributes=AGENT)
        assert exporter.entered.wait(60)

        tracer.start_span("another").end()
        agent.end()
        processor.shutdown()

        assert not exporter.released.is_set()
        exporter.released.set()

    def test_a_flush_waits_no_longer_than_it_was_told_and_what_is_late_is_still_sent(
        self, traced: Traced
    ) -> None:
        class Slow(SpanExporter):
            released = threading.Event()

            def export(self, *_: object) -> SpanExportResult:
                self.released.wait(20)
                return SpanExportResult.SUCCESS

        exporter = Slow()
        processor = OpenSpanProcessor(exporter, rhythm=Rhythm(look_s=3600))
        span = traced(processor).start_span("agent", attributes=AGENT)

        assert processor.force_flush(50) is False
        assert processor.force_flush(50) is False

        exporter.released.set()
        assert processor.force_flush() is True
        assert processor.counters().sent == 1
        span.end()

    def test_a_flush_ends_when_the_processor_is_shut_down(self, traced: Traced) -> None:
        class Hanging(SpanExporter):
            entered, released = threading.Event(), threading.Event()

            def export(self, *_: object) -> SpanExportResult:
                self.entered.set()
                self.released.wait(120)
                return SpanExportResult.SUCCESS

        exporter, answers = Hanging(), []
        processor = OpenSpanProcessor(exporter, rhythm=QUICK)
        span = traced(processor).start_span("agent", attributes=AGENT)
        assert exporter.entered.wait(60)
        flush = threading.Thread(target=lambda: answers.append(processor.force_flush(600_000)))
        flush.start()

        processor.shutdown()
        exporter.released.set()
        flush.join(60)

        assert answers == [False]
        assert processor.force_flush(600_000) is False
        span.end()

    def test_nothing_is_reported_after_shutdown(self, receiver: OtlpReceiver, traced: Traced) -> None:
        processor = posting_json(receiver)
        tracer = traced(processor)
        span = tracer.start_span("agent", attributes=AGENT)
        until(receiver.open)

        processor.shutdown()
        sent = receiver.requests

        until(lambda: "doldrums-open-spans" not in {thread.name for thread in threading.enumerate()})
        assert receiver.requests == sent
        assert receiver.finished() == []
        span.end()

    def test_neither_or_both_of_exporter_and_endpoint_is_an_error(self) -> None:
        with pytest.raises(ValueError, match="either"):
            OpenSpanProcessor()
        with pytest.raises(ValueError, match="either"):
            OpenSpanProcessor(GrpcExporter("127.0.0.1:1", insecure=True), endpoint="http://127.0.0.1:1")

    def test_an_endpoint_that_is_no_url_is_an_error(self) -> None:
        with pytest.raises(ValueError, match="endpoint must be like"):
            OpenSpanProcessor(endpoint="localhost:4318")
