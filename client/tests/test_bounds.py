"""What is held and sent is bounded."""

import gc

from doldrums_client import OpenSpanProcessor

from client.tests.otlp_receiver import OtlpReceiver, until
from client.tests.spans import AGENT, ONCE, QUICK, Traced, posting_json


class TestBounds:
    def test_spans_beyond_the_limit_are_counted_and_not_watched(
        self, receiver: OtlpReceiver, traced: Traced
    ) -> None:
        processor = OpenSpanProcessor(endpoint=f"http://{receiver.http}", rhythm=ONCE, open_spans_max=2)
        tracer = traced(processor)

        spans = [tracer.start_span(f"agent {number}", attributes=AGENT) for number in range(5)]

        assert (processor.counters().open, processor.counters().unwatched) == (2, 3)
        for span in spans:
            span.end()
        assert processor.counters().open == 0

    def test_a_span_that_the_application_dropped_is_counted_and_forgotten(
        self, receiver: OtlpReceiver, traced: Traced
    ) -> None:
        processor = posting_json(receiver)
        traced(processor).start_span("dropped", attributes=AGENT)
        gc.collect()

        until(lambda: processor.counters().abandoned == 1)

        assert processor.counters().open == 0

    def test_long_texts_are_cut(self, receiver: OtlpReceiver, traced: Traced) -> None:
        processor = OpenSpanProcessor(endpoint=f"http://{receiver.http}", rhythm=QUICK, text_chars_max=10)
        said = AGENT | {"prompt": "x" * 100_000, "list": ["y" * 50] * 50}
        span = traced(processor).start_span("agent", attributes=said)

        until(receiver.open)

        sent = receiver.open()[0].attributes
        assert sent["prompt"] == "x" * 10
        assert sent["list"] == ["y" * 10] * 10
        span.end()

    def test_many_due_spans_go_out_in_several_requests(self, receiver: OtlpReceiver, traced: Traced) -> None:
        processor = posting_json(receiver, ONCE)
        tracer = traced(processor)

        spans = [tracer.start_span(f"agent {number}", attributes=AGENT) for number in range(200)]

        until(lambda: processor.counters().sent == 200)
        assert receiver.requests >= 4
        for span in spans:
            span.end()
