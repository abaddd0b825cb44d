"""The agents' processes of a capture: started together, and waited for."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from bench.detectors.capture import CAPTURES, Capture
from bench.detectors.manifest import Case

ROOT = Path(__file__).parents[2]
PROGRAMS = Path(__file__).with_name("frameworks")
FRAMEWORKS = ("plain", "langgraph", "pydantic_ai", "autogen", "openai_agents", "crewai")

Worker = tuple[str, str, int]


def play(folder: Path, cases: Sequence[Case], endpoint: str, keys: Mapping[str, str], ago_s: int = 0) -> None:
    """Run the processes of these cases until all have ended; what they print goes to files.

    Parameters
    ----------
    endpoint
        OTLP/HTTP of the service.
    keys
        API keys by capture.
    ago_s
        So long ago, in seconds, their spans say that they were.
    """
    workers = sorted({(case.capture, case.framework, case.process) for case in cases})
    running = {worker: _start(folder, worker, endpoint, keys[worker[0]], ago_s) for worker in workers}
    try:
        for worker, process in running.items():
            assert process.stdout is not None
            if process.stdout.readline() != "ready\n":
                raise RuntimeError(f"{_name(worker)} did not start: see {folder / _name(worker)}.log")
        for process in running.values():
            assert process.stdin is not None
            process.stdin.write("go\n")
            process.stdin.flush()
        for worker, process in running.items():
            code = process.wait()
            print(f"  {_name(worker)} ended with {code}", file=sys.stderr, flush=True)
    finally:
        for process in running.values():
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)  # uv's child too


def _start(folder: Path, worker: Worker, endpoint: str, key: str, ago_s: int) -> "subprocess.Popen[str]":
    capture, framework, process = worker
    program = PROGRAMS / f"on_{framework}.py"
    arguments = [str(program), str(folder), capture, framework, str(process), str(ago_s)]
    environment = (
        os.environ
        | _settings(CAPTURES[capture])
        | {
            "OTEL_EXPORTER_OTLP_ENDPOINT": endpoint,
            "OTEL_EXPORTER_OTLP_HEADERS": f"x-api-key={key}",
            # one for all would have its processes wait for one lock
            "CREWAI_STORAGE_DIR": str(folder / f"{_name(worker)}.crewai"),
            "PYTHONPATH": str(ROOT),
        }
    )
    with (folder / f"{_name(worker)}.log").open("w") as log:
        return subprocess.Popen(
            # they stand for other machines: what they compute is not taken from the service
            ["nice", "-n", "19", *_python(framework), *arguments],
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            start_new_session=True,
        )


def _name(worker: Worker) -> str:
    return ".".join(map(str, worker))


def _python(framework: str) -> list[str]:
    if framework == "plain":
        return [sys.executable]
    # frameworks want versions of protobuf and OpenTelemetry that neither doldrums nor the others can have
    uv = shutil.which("uv") or shutil.which("uv", path=ROOT / ".cache" / "uv" / "bin")
    return [str(uv), "run", "--quiet", "--locked", "--script"]


def _settings(capture: Capture) -> dict[str, str]:
    """What users set to have texts in spans, or not, and to keep frameworks from phoning home."""
    hidden = str(not capture.content).lower()
    return {
        "OPENINFERENCE_HIDE_INPUTS": hidden,
        "OPENINFERENCE_HIDE_OUTPUTS": hidden,
        "TRACELOOP_TRACE_CONTENT": str(capture.content).lower(),
        "CREWAI_DISABLE_TELEMETRY": "true",
        "CREWAI_TRACING_ENABLED": "false",
        "OPENAI_API_KEY": "none",
        "OPENAI_AGENTS_DISABLE_TRACING": "false",
    }
