"""What `doldrums-client` takes of a busy agent's process, in CPU time.

``python -m bench.client`` runs agents that make 50 and 500 spans a second, with and without the
processor by turns, and prints a row for each. It is CPU time: the shares of a core hold on a busy
machine, too. Not so the difference by turns: there the reporting thread, which goes by the clock, has
more turns of its own for the same work, and everything takes a few per cent more or less each time.
"""

import random
import statistics
import subprocess
import sys
import threading
import time
import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager

from doldrums_client import OpenSpanProcessor
from opentelemetry.sdk.trace import ReadableSpan, SpanProcessor, TracerProvider
from opentelemetry.trace import Tracer, set_span_in_context

RATES = (50, 500)
TURN_S = 5.0
TURNS = 5
STANDING_AGENTS, STANDING_WAITS = 20, 10
PROMPT = "What is asked of the model. " * 150
AGENT = {"gen_ai.operation.name": "invoke_agent", "gen_ai.agent.name": "planner", "input.value": PROMPT}
CALL = {"gen_ai.operation.name": "chat", "gen_ai.request.model": "gpt-5", "input.value": PROMPT}
WAIT = {"doldrums.wait.on": "coder", "doldrums.wait.kind": "agent"}
THREAD = "doldrums-open-spans"
SERVER = """
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
class Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()
    def log_message(self, *_): pass
server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
print(server.server_port, flush=True)
server.serve_forever()
"""


class Nothing(SpanProcessor):
    """Stands where the processor would: what the SDK itself takes for one is nobody's overhead."""

    def on_end(self, span: ReadableSpan) -> None:
        """Do nothing."""


def main() -> None:
    """Print the tables."""
    with serving() as endpoint:
        print(
            "| spans a second | their start and end | the thread | in all, of a core | CPU by turns"
            " | reports a second | dropped |"
        )
        print("|---|---|---|---|---|---|---|")
        for rate in RATES:
            print(row(endpoint, rate), flush=True)
    print(f"A server that is away: {away():.2%} of a core, {STANDING_AGENTS + STANDING_WAITS} spans open")
    print(f"Memory of 10,000 open spans: {memory_bytes() / 10_000:.0f} bytes each")


def row(endpoint: str, rate: int) -> str:
    """Measure agents that make so many spans a second while they keep a core busy."""
    ratios, thread_s, clock_s, sent, dropped = [], 0.0, 0.0, 0, 0
    for _ in range(TURNS):
        without_s = turn(_provider(Nothing()).get_tracer("bench"), rate)
        processor = OpenSpanProcessor(endpoint=endpoint)
        watched = _provider(processor)
        standing = stand(watched.get_tracer("bench"))
        began_s = time.monotonic()
        with_s = turn(watched.get_tracer("bench"), rate)
        clock_s += time.monotonic() - began_s
        thread_s += thread_cpu_s()
        ratios.append(with_s / without_s - 1)
        sent, dropped = sent + processor.counters().sent, dropped + processor.counters().dropped
        watched.shutdown()
        del standing
    calls, thread = rate * own_s(endpoint), thread_s / clock_s
    return (
        f"| {rate} | {calls:.2%} | {thread:.2%} | {calls + thread:.2%} | {statistics.median(ratios):+.1%}"
        f" ({min(ratios):+.1%} to {max(ratios):+.1%}) | {sent / clock_s:.1f} | {dropped} |"
    )


def own_s(endpoint: str) -> float:
    """Return the CPU seconds that the processor adds to starting and ending a span."""
    watched = _provider(OpenSpanProcessor(endpoint=endpoint))
    added_s = per_span_s(watched.get_tracer("bench")) - per_span_s(_provider(Nothing()).get_tracer("bench"))
    watched.shutdown()
    return added_s


def _provider(processor: SpanProcessor) -> TracerProvider:
    provider = TracerProvider(shutdown_on_exit=False)
    provider.add_span_processor(processor)
    return provider


def stand(tracer: Tracer) -> list[object]:
    """Return spans that stay open: agents at work, and agents that wait."""
    agents = [tracer.start_span("invoke_agent", attributes=AGENT) for _ in range(STANDING_AGENTS)]
    return [*agents, *(tracer.start_span("wait", attributes=WAIT) for _ in range(STANDING_WAITS))]


def turn(tracer: Tracer, rate: int) -> float:
    """Do what is a turn's work on a core of its own; return the CPU seconds of this process for it."""
    spans = int(TURN_S * rate)
    began_s = time.process_time()
    for _ in range(spans // 10):
        root = tracer.start_span("invoke_agent", attributes=AGENT)
        context = set_span_in_context(root)
        for _ in range(9):
            call = tracer.start_span("chat", context, attributes=CALL)
            work(1 / rate)
            call.end()
        work(1 / rate)
        root.end()
    return time.process_time() - began_s


def per_span_s(tracer: Tracer) -> float:
    """Return the CPU seconds that starting and ending a span takes: the median of many rounds."""
    rounds = []
    for _ in range(40):
        began_s = time.thread_time()
        for _ in range(500):
            tracer.start_span("chat", attributes=CALL).end()
        rounds.append((time.thread_time() - began_s) / 500)
    return statistics.median(rounds)


def work(seconds: float) -> None:
    """Compute for so many seconds of an idle core."""
    draw = random.Random(1)
    for _ in range(int(seconds * _PER_S)):
        draw.random()


def thread_cpu_s() -> float:
    """Return the CPU seconds that the reporting threads of this process have taken."""
    clocks = (
        time.pthread_getcpuclockid(thread.ident)
        for thread in threading.enumerate()
        if thread.name == THREAD and thread.ident
    )
    return sum(map(time.clock_gettime, clocks))


def away() -> float:
    """Return the CPU share of the thread while nobody listens."""
    provider = _provider(OpenSpanProcessor(endpoint="http://127.0.0.1:9"))
    standing = stand(provider.get_tracer("bench"))
    before_s, began_s = thread_cpu_s(), time.monotonic()
    time.sleep(2 * TURN_S)
    share = (thread_cpu_s() - before_s) / (time.monotonic() - began_s)
    provider.shutdown()
    del standing
    return share


def memory_bytes() -> int:
    """Return what the table of 10,000 open spans takes, the spans themselves left out."""
    plain, watched = _provider(Nothing()), _provider(OpenSpanProcessor(endpoint="http://127.0.0.1:9"))
    sizes = []
    for provider in (plain, watched):
        tracer = provider.get_tracer("bench")
        tracemalloc.start()
        spans = [tracer.start_span("chat") for _ in range(10_000)]
        sizes.append(tracemalloc.get_traced_memory()[0])
        tracemalloc.stop()
        del spans
    watched.shutdown()
    return sizes[1] - sizes[0]


@contextmanager
def serving() -> Iterator[str]:
    """Take requests in a process of its own, whose CPU is not the agents'."""
    server = subprocess.Popen([sys.executable, "-c", SERVER], stdout=subprocess.PIPE, text=True)
    try:
        port = server.stdout.readline().strip() if server.stdout else ""
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait()


def _calibrated() -> float:
    """Return how many draws a second of CPU makes."""
    draw = random.Random(1)
    began_s = time.thread_time()
    for _ in range(2_000_000):
        draw.random()
    return 2_000_000 / (time.thread_time() - began_s)


_PER_S = _calibrated()

if __name__ == "__main__":
    main()
