"""play: plays a run now, each part in a thread of its own that really waits."""

import threading
import time
from collections.abc import Sequence

from opentelemetry.context import Context
from opentelemetry.sdk.trace import TracerProvider

from doldrums.demo.board import Board
from doldrums.demo.dialect import Dialect
from doldrums.demo.perform import Outcome, Pause, Performance, Wish, perform
from doldrums.demo.recorder import LEFT, Recorder, SetbackError
from doldrums.demo.script import Publish, Run


def play(run: Run, provider: TracerProvider, dialect: Dialect, stop: threading.Event, speed: float) -> None:
    """Play `run` in real time until its end, or until `stop` is set.

    Parameters
    ----------
    speed
        How many times faster than the script says; limits of waits are kept as they are.
    """
    recorder = Recorder(provider.get_tracer(dialect.scope), dialect, time.time_ns)
    board = Board(stop)
    try:
        with recorder.span(dialect.workflow(run), Context()) as context:
            parts = [perform(run, part, context, recorder) for part in run.parts]
            _play_together(parts, board, stop, speed)
    except SetbackError:
        pass  # the run failed as its script says; its spans say so


def _play_together(parts: Sequence[Performance], board: Board, stop: threading.Event, speed: float) -> None:
    failures: list[SetbackError] = []

    def play_part(part: Performance) -> None:
        try:
            _drive(part, board, stop, speed)
        except SetbackError as setback:
            failures.append(setback)
            board.cancel()

    threads = [threading.Thread(target=play_part, args=(part,), daemon=True) for part in parts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]


def _drive(part: Performance, board: Board, stop: threading.Event, speed: float) -> None:
    """Give `part` what it asks for until it ends; once `stop` is set, let it go where it stands."""
    outcome: Outcome | None = None
    plan = 0
    while not stop.is_set():
        try:
            request = part.send(outcome)  # type: ignore[arg-type]  # None starts a generator
        except StopIteration:
            return
        outcome = None
        match request:
            case Pause(seconds):
                stop.wait(seconds / speed)
            case Publish(artifact):
                board.publish(artifact, plan)
            case Wish(artifact, limit_s):
                outcome, plan = board.wait(artifact, limit_s, plan)
    part.close()
    raise SetbackError(LEFT)
