"""A framework's process: runs its cases on time, and notes which traces they made."""

import json
import os
import sys
import threading
import time
import traceback
import uuid
from collections.abc import Sequence
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
OVERTIME_S = 120.0


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
    ledger
        Payments that were made.
    """

    case: str
    trace_ids: Sequence[str]
    instance: str
    began_at: float
    held_at: float | None = None
    error: str = ""
    ledger: int | None = None

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
    """Run the cases of one process: `FOLDER CAPTURE FRAMEWORK PROCESS AGO_S` in `sys.argv`."""
    folder, capture_name, name = Path(sys.argv[1]), sys.argv[2], sys.argv[3]
    process, ago_s = map(int, sys.argv[4:])
    mine = [
        case
        for case in manifest.read(folder)
        if (case.capture, case.framework, case.process) == (capture_name, name, process)
    ]
    capture = CAPTURES[capture_name]
    instance = str(uuid.uuid4())
    provider, traces = set_up(capture, f"{name}-agents", instance, mine[0].seed, ago_s)
    framework.instrument(provider, content=capture.content)
    notebook = Notebook(folder / f"joined.{capture_name}.{name}.{process}.jsonl")
    with ModelServer() as models:
        print("ready", flush=True)
        sys.stdin.readline()
        runs = [Run(case, framework, models, traces, notebook, instance) for case in mine]
        for run in runs:
            run.start()
        ends_s = time.monotonic() + _planned_s(mine) + OVERTIME_S
        for run in runs:
            run.join(max(0.0, ends_s - time.monotonic()))
            if run.is_alive():
                run.note("did not end in time")
    provider.shutdown()
    # threads that a framework lets hang do not hold the bench up
    os._exit(0)


def _planned_s(mine: Sequence[Case]) -> float:
    return max(case.starts_s + faults()[case.scenario].lasts_s * case.faulty for case in mine)


class Run(threading.Thread):
    """One case, in a thread and a session of its own."""

    def __init__(
        self,
        case: Case,
        framework: Framework,
        models: ModelServer,
        traces: TracesBySession,
        notebook: Notebook,
        instance: str,
    ) -> None:
        super().__init__(daemon=True)
        self._case = case
        self._traces = traces
        self._notebook = notebook
        self._instance = instance
        self._session = str(uuid.uuid4())
        self._began_at = 0.0
        fault, capture = faults()[case.scenario], CAPTURES[case.capture]
        # noted at once when the fault takes hold: the process may not outlive it
        self._scene = Scene(case, fault, capture, framework, models, self._session, self.note)

    def run(self) -> None:
        time.sleep(self._case.starts_s)
        SESSION.set(self._session)
        self._began_at = time.time()
        try:
            SCENARIOS[self._case.scenario](self._scene)
            self.note()
        except Exception as error:  # noqa: BLE001 - of any framework; the page says how many
            traceback.print_exc()
            self.note(f"{type(error).__name__}: {error}")

    def note(self, error: str = "") -> None:
        trace_ids = sorted(self._traces.trace_ids.get(self._session, set()).copy())
        began_at, held_at, ledger = self._began_at, self._scene.held_at, self._scene.ledger
        self._notebook.write(
            Joined(self._case.id, trace_ids, self._instance, began_at, held_at, error, ledger)
        )
