"""rehearse: plays a run in a past moment, as fast as it can, with the times it would have had."""

import heapq
from collections import defaultdict
from dataclasses import dataclass, field
from itertools import count

from opentelemetry.context import Context
from opentelemetry.sdk.trace import TracerProvider

from doldrums.demo.dialect import Dialect
from doldrums.demo.perform import Outcome, Pause, Performance, Request, Wish, perform
from doldrums.demo.recorder import Recorder, SetbackError
from doldrums.demo.script import Publish, Run


class StandstillError(Exception):
    """Every agent that is left waits for an artifact that none of them will publish."""


def rehearse(run: Run, provider: TracerProvider, dialect: Dialect, start_ns: int) -> int:
    """Record `run` as if it had begun at `start_ns`, Unix time in nanoseconds; return its end."""
    stage = _Stage(start_ns)
    recorder = Recorder(provider.get_tracer(dialect.scope), dialect, lambda: stage.now_ns)
    try:
        with recorder.span(dialect.workflow(run), Context()) as context:
            stage.play([perform(run, part, context, recorder) for part in run.parts])
    except SetbackError:
        pass  # the run failed as its script says; its spans say so
    return stage.now_ns


@dataclass(slots=True)
class _Stage:
    """Lets parts proceed in the order of their times; there is no real waiting."""

    now_ns: int
    _ready: list[tuple[int, int, Performance, Outcome | None]] = field(default_factory=list)
    _waiting: defaultdict[str, list[Performance]] = field(default_factory=lambda: defaultdict(list))
    _published: set[str] = field(default_factory=set)
    _order: "count[int]" = field(default_factory=count)

    def play(self, parts: list[Performance]) -> None:
        for part in parts:
            self._resume(part, None)
        failure: SetbackError | None = None
        while self._ready:
            self.now_ns, _, part, outcome = heapq.heappop(self._ready)
            try:
                self._serve(part, part.send(outcome))  # type: ignore[arg-type]  # None starts a generator
            except StopIteration:
                continue
            except SetbackError as setback:
                failure = setback
                self._release(list(self._waiting), Outcome.CANCELLED)
        if failure:
            raise failure
        if waited_for := sorted(self._waiting):
            raise StandstillError(f"nobody publishes {', '.join(waited_for)}")

    def _serve(self, part: Performance, request: Request) -> None:
        match request:
            case Pause(seconds):
                self._resume(part, None, int(seconds * 1e9))
            case Publish(artifact):
                self._published.add(artifact)
                self._release([artifact], Outcome.READY)
                self._resume(part, None)
            case Wish(artifact) if artifact in self._published:
                self._resume(part, Outcome.READY)
            case Wish(artifact):
                self._waiting[artifact].append(part)

    def _release(self, artifacts: list[str], outcome: Outcome) -> None:
        for artifact in artifacts:
            for part in self._waiting.pop(artifact, []):
                self._resume(part, outcome)

    def _resume(self, part: Performance, outcome: Outcome | None, after_ns: int = 0) -> None:
        heapq.heappush(self._ready, (self.now_ns + after_ns, next(self._order), part, outcome))
