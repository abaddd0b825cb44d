"""What the tests of the processor share: spans of each kind, and quick rhythms."""

from collections.abc import Callable

from doldrums_client import OpenSpanProcessor, Rhythm
from opentelemetry.trace import Tracer

from client.tests.otlp_receiver import OtlpReceiver

# What takes seconds in life takes milliseconds here; nothing in the tests depends on how many.
QUICK = Rhythm(look_s=0.02, patience_s=0.05, wait_beat_s=0.05, beat_s=0.05)
# Reports a span once, at its start, and never again.
ONCE = Rhythm(look_s=0.02, patience_s=3600, wait_beat_s=3600, beat_s=3600)

AGENT = {"gen_ai.operation.name": "invoke_agent", "gen_ai.agent.name": "planner"}
WAIT = {"doldrums.wait.on": "coder", "doldrums.wait.kind": "agent"}

Traced = Callable[..., Tracer]


def posting_json(receiver: OtlpReceiver, rhythm: Rhythm = QUICK) -> OpenSpanProcessor:
    return OpenSpanProcessor(endpoint=f"http://{receiver.http}", rhythm=rhythm)
