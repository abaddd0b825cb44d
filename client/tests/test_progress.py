"""The progress that a report carries."""

import threading

from doldrums_client import OpenSpanProcessor
from opentelemetry.trace import set_span_in_context

from client.tests.otlp_receiver import OtlpReceiver, until
from client.tests.spans import AGENT, WAIT, Traced, posting_json


class TestProgress:
    def _progress(self, receiver: OtlpReceiver, processor: OpenSpanProcessor, name: str) -> int:
        seen = len(receiver.open(name))
        until(lambda: processor.force_flush() and len(receiver.open(name)) > seen)
        return int(receiver.open(name)[-1].attributes["doldrums.progress"])

    def test_it_counts_what_happens_in_and_below_the_span(
        self, receiver: OtlpReceiver, traced: Traced
    ) -> None:
        processor = posting_json(receiver)
        tracer = traced(processor)
        agent = tracer.start_span("agent", attributes=AGENT)
        counts = [self._progress(receiver, processor, "agent")]

        step = tracer.start_span("step", set_span_in_context(agent))
        counts.append(self._progress(receiver, processor, "agent"))
        tool = tracer.start_span("tool", set_span_in_context(step))
        tool.add_event("chunk")
        counts.append(self._progress(receiver, processor, "agent"))
        tool.end()
        step.end()
        counts.append(self._progress(receiver, processor, "agent"))

        # step starts; tool starts and has an event; both end
        assert counts == [0, 1, 3, 5]
        agent.end()

    def test_tokens_that_are_streamed_move_it(self, receiver: OtlpReceiver, traced: Traced) -> None:
        processor = posting_json(receiver)
        tracer = traced(processor)
        agent = tracer.start_span("agent", attributes=AGENT)
        call = tracer.start_span("chat", set_span_in_context(agent))
        counts = [self._progress(receiver, processor, "agent")]

        for tokens in (20, 45):
            call.set_attribute("gen_ai.usage.output_tokens", tokens)
            counts.append(self._progress(receiver, processor, "agent"))
        call.end()
        counts.append(self._progress(receiver, processor, "agent"))

        assert counts == [1, 21, 46, 47]
        agent.end()

    def test_it_stands_still_while_the_span_waits(self, receiver: OtlpReceiver, traced: Traced) -> None:
        processor = posting_json(receiver)
        tracer = traced(processor)
        agent = tracer.start_span("agent", attributes=AGENT)
        wait = tracer.start_span("wait", set_span_in_context(agent), attributes=WAIT)

        counts = {self._progress(receiver, processor, "agent") for _ in range(3)}

        assert counts == {1}
        wait.end()
        agent.end()

    def test_it_counts_the_children_of_many_threads(self, receiver: OtlpReceiver, traced: Traced) -> None:
        processor = posting_json(receiver)
        tracer = traced(processor)
        agent = tracer.start_span("agent", attributes=AGENT)

        def work() -> None:
            for _ in range(200):
                tracer.start_span("tool", set_span_in_context(agent)).end()

        threads = [threading.Thread(target=work) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        # a report that was made meanwhile may arrive first
        until(lambda: self._progress(receiver, processor, "agent") == 8 * 200 * 2)
        agent.end()
