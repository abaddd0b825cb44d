"""Which spans are reported, and when."""

import pytest
from doldrums_client import Rhythm
from opentelemetry.sdk.trace.sampling import ALWAYS_OFF

from client.tests.otlp_receiver import OtlpReceiver, until
from client.tests.spans import AGENT, ONCE, WAIT, Traced, posting_json


class TestWhatIsReportedWhen:
    @pytest.mark.parametrize(
        "attributes",
        [
            pytest.param({"gen_ai.operation.name": "invoke_agent"}, id="an agent, by OTel GenAI"),
            pytest.param({"gen_ai.operation.name": "invoke_workflow"}, id="a workflow, by OTel GenAI"),
            pytest.param({"gen_ai.operation.name": "handoff"}, id="a hand-off"),
            pytest.param({"gen_ai.transfer.target.name": "coder"}, id="a transfer"),
            pytest.param({"openinference.span.kind": "AGENT"}, id="an agent, by OpenInference"),
            pytest.param({"traceloop.span.kind": "agent"}, id="an agent, by Traceloop"),
            pytest.param(WAIT, id="a wait"),
        ],
    )
    def test_an_agent_a_hand_off_or_a_wait_is_reported_at_its_start(
        self, receiver: OtlpReceiver, traced: Traced, attributes: dict
    ) -> None:
        span = traced(posting_json(receiver, ONCE)).start_span("it", attributes=attributes)

        until(receiver.open)
        span.end()

    def test_another_span_is_reported_only_when_it_is_old(
        self, receiver: OtlpReceiver, traced: Traced
    ) -> None:
        tracer = traced(posting_json(receiver, ONCE))
        model = tracer.start_span("chat", attributes={"gen_ai.operation.name": "chat"})
        agent = tracer.start_span("invoke_agent", attributes=AGENT)

        until(lambda: receiver.open("invoke_agent"))

        assert receiver.open("chat") == []
        model.end()
        agent.end()

    def test_a_span_of_any_kind_is_reported_once_it_is_old(
        self, receiver: OtlpReceiver, traced: Traced
    ) -> None:
        span = traced(posting_json(receiver)).start_span("slow query")

        until(lambda: receiver.open("slow query"))
        span.end()

    def test_a_wait_beats_while_another_span_is_silent(self, receiver: OtlpReceiver, traced: Traced) -> None:
        rhythm = Rhythm(look_s=0.02, patience_s=0, wait_beat_s=0.02, beat_s=3600)
        tracer = traced(posting_json(receiver, rhythm))
        spans = [tracer.start_span("agent", attributes=AGENT), tracer.start_span("wait", attributes=WAIT)]

        until(lambda: len(receiver.open("wait")) >= 4)

        assert len(receiver.open("agent")) == 1
        for span in spans:
            span.end()

    def test_an_ended_span_is_reported_no_more(self, receiver: OtlpReceiver, traced: Traced) -> None:
        processor = posting_json(receiver)
        tracer = traced(processor)
        ended = tracer.start_span("ended", attributes=AGENT)
        until(lambda: receiver.open("ended"))

        ended.end()
        processor.force_flush()  # waits for a look that had begun before the end
        before = len(receiver.open("ended"))
        going_on = tracer.start_span("going on", attributes=AGENT)
        until(lambda: len(receiver.open("going on")) >= 3)

        assert len(receiver.open("ended")) == before
        assert processor.counters().open == 1
        going_on.end()

    def test_an_unsampled_span_is_not_watched(self, receiver: OtlpReceiver, traced: Traced) -> None:
        processor = posting_json(receiver)
        span = traced(processor, sampler=ALWAYS_OFF).start_span("quiet", attributes=AGENT)

        assert processor.counters().open == 0
        span.end()
