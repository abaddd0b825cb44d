"""A forked process."""

import os
import threading
import time

import pytest

from client.tests.otlp_receiver import OtlpReceiver, until
from client.tests.spans import AGENT, Traced, posting_json


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
class TestFork:
    def test_the_child_reports_its_own_spans_and_the_parent_keeps_its_own(
        self, receiver: OtlpReceiver, traced: Traced
    ) -> None:
        tracer = traced(posting_json(receiver))
        of_parent = tracer.start_span("of parent", attributes=AGENT)
        until(lambda: receiver.open("of parent"))

        child = os.fork()
        if child == 0:
            _held = tracer.start_span("held by child", attributes=AGENT | {"pid": os.getpid()})
            time.sleep(60)  # the parent ends this process
            os._exit(0)

        try:
            until(lambda: len(receiver.open("held by child")) >= 2)
        finally:
            os.kill(child, 9)
            os.waitpid(child, 0)
        before = len(receiver.open("of parent"))
        until(lambda: len(receiver.open("of parent")) > before)
        beats = [one.attributes["doldrums.heartbeat"] for one in receiver.open("of parent")]
        assert beats == sorted(set(beats)), "a beat came twice: the child reported its parent's span"
        assert {one.attributes["pid"] for one in receiver.open("held by child")} == {child}
        of_parent.end()

    def test_a_child_of_a_processor_that_was_shut_down_stays_silent(
        self, receiver: OtlpReceiver, traced: Traced
    ) -> None:
        processor = posting_json(receiver)
        traced(processor)
        processor.shutdown()

        child = os.fork()
        if child == 0:
            names = {thread.name for thread in threading.enumerate()}
            os._exit(1 if "doldrums-open-spans" in names else 0)

        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
