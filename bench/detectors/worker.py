"""A framework's process: runs its cases on time, and notes which traces they made."""

import json
import os
import sys
import threading
import time
import traceback
import uuid
from collections.abc import Sequence
from contextvars import copy_context
from dataclasses import asdict, dataclass, field
from pathlib import Path

from bench.detectors import manifest
from bench.detectors.agent import Framework
from bench.detectors.capture import CAPTURES
from bench.detectors.fault import faults
from bench.detectors.manifest import Case
from bench.detectors.model_server import ModelServer
from bench.detectors.scenarios import SCENARIOS
from bench.detectors.scene import Scene
from bench.detectors.telemetry import SESSION, TracesBySession, set_up

# Beyond the plan, on a busy machine; what has not ended by then was not played.
OVERTIME_S = 60.0


@dataclass(frozen=True)
class Joined:
    """What became of a case.

    Parameters
    ----------
    instance
        `service.instance.id` of its process.
    held_at
        Unix seconds at which its fault took hold; None where it has none.
    error
        What ended it.
    """

    case: str
    trace_ids: Sequence[str]
    instance: str
    began_at: float
    held_at: float | None = None
    error: str = ""

    @property
    def took_hold(self) -> bool:
        return self.held_at is not None


@dataclass
class Notebook:
    """Writes what became of the cases, each at once: a process may be killed."""

    path: Path
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def write(self, joined: Joined) -> None:
        with self._lock, self.path.open("a") as file:
            file.write(json.dumps(asdict(joined)) + "\n")


def work(framework: Framework) -> None:
    """Run the cases of one process: `FOLDER CAPTURE FRAMEWORK PROCESS` in `sys.argv`."""
    folder, capture_name, name, process = Path(sys.argv[1]), sys.argv[2], sys.argv[3], int(sys.argv[4])
    mine = [
        case
        for case in manifest.read(folder)
        if (case.capture, case.framework, case.process) == (capture_name, name, process)
    ]
    capture = CAPTURES[capture_name]
    instance = str(uuid.uuid4())
    provider, traces = set_up(capture, f"{name}-agents", instance, seed=mine[0].seed)
    framework.instrument(provider, content=capture.content)
    notebook = Notebook(folder / f"joined.{capture_name}.{name}.{process}.jsonl")
    with ModelServer() as models:
        print("ready", flush=True)
        sys.stdin.readline()
        runs = [
            threading.Thread(
                target=copy_context().run,
                args=(_play, case, framework, models, traces, notebook, instance),
                daemon=True,
            )
            for case in mine
        ]
        for run in runs:
            run.start()
        ends_s = time.monotonic() + _planned_s(mine) + OVERTIME_S
        for run in runs:
            run.join(max(0.0, ends_s - time.monotonic()))
    provider.shutdown()
    # threads that a framework lets hang do not hold the bench up
    os._exit(0)


def _planned_s(mine: Sequence[Case]) -> float:
    return max(case.starts_s + faults()[case.scenario].lasts_s * case.faulty for case in mine)


def _play(
    case: Case,
    framework: Framework,
    models: ModelServer,
    traces: TracesBySession,
    notebook: Notebook,
    instance: str,
) -> None:
    time.sleep(case.starts_s)
    session = str(uuid.UUID(int=case.seed << 64 | uuid.uuid4().int & (1 << 64) - 1))
    SESSION.set(session)
    began_at = time.time()
    scene = Scene(case, faults()[case.scenario], CAPTURES[case.capture], framework, models, session)

    def note(error: str = "") -> None:
        trace_ids = sorted(traces.trace_ids.get(session, ()))
        notebook.write(Joined(case.id, trace_ids, instance, began_at, scene.held_at, error))

    # noted at once: the process may not outlive it
    scene.on_hold = note
    try:
        SCENARIOS[case.scenario](scene)
        note()
    except Exception as error:  # noqa: BLE001 - of any framework; the report says it
        traceback.print_exc()
        note(f"{type(error).__name__}: {error}")
