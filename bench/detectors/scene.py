"""Scene: what a scenario runs in, and what its faults are made of."""

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from contextvars import copy_context
from math import log
from random import Random
from typing import Any

from doldrums_client import acquire, waiting_for
from opentelemetry import trace
from opentelemetry.context import attach, detach
from opentelemetry.trace import set_span_in_context

from bench.detectors.agent import Agent, Framework
from bench.detectors.capture import Capture
from bench.detectors.fault import Fault
from bench.detectors.manifest import Case
from bench.detectors.model_server import ModelServer

# Ordinary tools take 0.2 s at the median, and one in a hundred 0.6 s: lognormal, as durations are.
# What may be slow takes 1 s, so that ten times that is beyond its learned limit of 5 s.
WORK_S_MEDIAN = 0.2
LONG_WORK_S_MEDIAN = 1.0
WORK_SIGMA = 0.5
TRACER = "detectors-bench"


class Scene:
    """One case at work.

    Parameters
    ----------
    session
        Id that the case's spans share.
    on_hold
        Called when its fault takes hold.
    """

    def __init__(
        self,
        case: Case,
        fault: Fault,
        capture: Capture,
        framework: Framework,
        models: ModelServer,
        session: str,
        on_hold: Callable[[], None],
    ) -> None:
        self.faulty = case.faulty
        self.lasts_s = fault.lasts_s
        self.session = session
        self.random = Random(case.seed)
        self.held_at: float | None = None
        # how many payments were made, where something is paid
        self.ledger: int | None = None
        self._on_hold = on_hold
        self._capture = capture
        self._framework = framework
        self._framework_name = case.framework
        self._models = models

    def run(self, agent: Agent, task: str) -> str:
        """Let an agent work, within the span that is current."""
        return self._framework.run(agent, task, self._models.script(agent.script))

    def named(self, name: str) -> str:
        """Return the name of an agent of this framework: no other one's is taken for it."""
        return f"{name}_{self._framework_name}"

    def works(self, query: str) -> str:
        """Work as an ordinary tool does."""
        return self.works_for(self._usual_s(WORK_S_MEDIAN), query)

    def works_long(self, query: str) -> str:
        return self.works_for(self._usual_s(LONG_WORK_S_MEDIAN), query)

    def works_slowly(self, query: str) -> str:
        """Take ten times as long as what usually works long."""
        return self.works_for(10 * self._usual_s(LONG_WORK_S_MEDIAN), query)

    def works_for(self, seconds: float, query: str) -> str:
        time.sleep(seconds)
        return f"{query}: done"

    def hangs(self, query: str) -> str:
        """Answer when the case is over."""
        self.holds()
        return self.works_for(self.lasts_s, query)

    def holds(self) -> None:
        """Note that the fault, if there is one, has taken hold: from now on it could be found."""
        if self.faulty and self.held_at is None:
            self.held_at = time.time()
            self._on_hold()

    def waiting_for(self, *targets: str, **said: Any) -> AbstractContextManager[Any]:
        """Say what is waited for, where the capture has it said."""
        target = targets[0] if len(targets) == 1 else list(targets)
        return waiting_for(target, **said) if self._capture.waits else nullcontext()

    def acquire(self, lock: "PatientLock", name: str) -> AbstractContextManager[Any]:
        return acquire(lock, f"{name} of {self.session[:8]}") if self._capture.waits else lock

    @contextmanager
    def request(self, name: str) -> Iterator[None]:
        """Begin the trace as the application around the agents does."""
        tracer = trace.get_tracer(TRACER)
        said = {"gen_ai.operation.name": "invoke_workflow", "gen_ai.workflow.name": name}
        with tracer.start_as_current_span(f"invoke_workflow {name}", attributes=said):
            yield

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Do something as a step of the application."""
        with trace.get_tracer(TRACER).start_as_current_span(name):
            yield

    def apart(self, work: Callable[[], object]) -> object:
        """Do something in a trace of its own."""
        token = attach(set_span_in_context(trace.INVALID_SPAN))
        try:
            return work()
        finally:
            detach(token)

    def together(self, *works: Callable[[], object]) -> None:
        """Do several things at once, each under the current span, and wait for all of them."""
        with ThreadPoolExecutor(len(works)) as pool:
            parts = [pool.submit(copy_context().run, work) for work in works]
        for part in parts:
            part.result()

    def _usual_s(self, median_s: float) -> float:
        return self.random.lognormvariate(log(median_s), WORK_SIGMA)


class Gathering:
    """Calls `then` when as many as `size` have come; who likes may wait for the others."""

    def __init__(self, size: int, then: Callable[[], None]) -> None:
        self._missing = size
        self._then = then
        self._lock = threading.Lock()
        self._complete = threading.Event()

    def join(self) -> None:
        with self._lock:
            self._missing -= 1
            complete = self._missing == 0
        if complete:
            self._then()
            self._complete.set()

    def wait(self, timeout_s: float) -> None:
        """Wait until all have come, or until they should have."""
        self._complete.wait(timeout_s)


class PatientLock:
    """A lock that lets everybody through when the case is over, so that a run ends."""

    def __init__(self, lasts_s: float) -> None:
        self._lasts_s = lasts_s
        self._lock = threading.Lock()

    def acquire(self, blocking: bool = True) -> bool:  # noqa: FBT001, FBT002 - as threading's
        if not blocking:
            return self._lock.acquire(blocking=False)
        self._lock.acquire(timeout=self._lasts_s)
        return True

    def release(self) -> None:
        with suppress(RuntimeError):  # it was let through
            self._lock.release()

    def __enter__(self) -> None:
        self.acquire()

    def __exit__(self, *_: object) -> None:
        self.release()
