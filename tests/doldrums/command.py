"""The `doldrums` command as a user runs it, in an environment of its own."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import psutil

from tests.waiting import eventually

# The installed script: unlike `python -m doldrums` it imports nothing from where its user stands.
COMMAND = Path(sys.executable).with_name("doldrums")
FREE_PORTS = {
    "DOLDRUMS_OTLP_GRPC_ADDRESS": "127.0.0.1:0",
    "DOLDRUMS_OTLP_HTTP_ADDRESS": "127.0.0.1:0",
    "DOLDRUMS_API_ADDRESS": "127.0.0.1:0",
    "DOLDRUMS_DASHBOARD_ADDRESS": "127.0.0.1:0",
    # the machine that runs the tests may be fuller than a service should bear
    "DOLDRUMS_FREE_BYTES_MIN": "0",
    "DOLDRUMS_FREE_RATIO_MIN": "0",
}


def environment(data_dir: Path, **variables: str) -> dict[str, str]:
    """Return the environment of a command that shares nothing with another one."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("DOLDRUMS_")}
    return {**kept, **FREE_PORTS, "DOLDRUMS_DATA_DIR": str(data_dir), "COLUMNS": "200", **variables}


def doldrums(*arguments: str | Path, cwd: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run a command to its end, standing in `cwd` with its data in `cwd`/data."""
    return subprocess.run(
        [COMMAND, *arguments],
        cwd=cwd,
        env=environment(cwd / "data", **variables),
        capture_output=True,
        text=True,
        timeout=90,
        check=False,
    )


class Service:
    """A command that runs until it is stopped; its data folder, and beside it what it prints."""

    def __init__(self, process: subprocess.Popen[bytes], data_dir: Path) -> None:
        self.process = process
        self.data_dir = data_dir

    @property
    def output(self) -> str:
        return (self.data_dir.parent / "output").read_text()

    @property
    def errors(self) -> str:
        return (self.data_dir.parent / "errors").read_text()

    def run_file(self) -> dict[str, Any]:
        """Return run.json, which is there while the service is ready."""
        if self.process.poll() is not None:
            raise AssertionError(f"ended with {self.process.returncode}: {self.errors}")
        path = self.data_dir / "run.json"
        run: dict[str, Any] = json.loads(path.read_text()) if path.exists() else {}
        return run

    def run_file_but(self, old: dict[str, Any]) -> dict[str, Any]:
        """Return run.json once it says something else."""
        run = self.run_file()
        return run if run != old else {}

    def pids(self) -> dict[str, int]:
        pids: dict[str, int] = self.run_file()["pids"]
        return pids

    def wait_until_ready(self) -> dict[str, Any]:
        return eventually(self.run_file, within_s=120, otherwise=lambda: self.errors)

    def end(self, name: signal.Signals = signal.SIGTERM, within_s: float = 60) -> int:
        self.process.send_signal(name)
        return self.process.wait(within_s)


@contextmanager
def started(command: Sequence[str | Path], data_dir: Path, **variables: str) -> Iterator[Service]:
    """Run a command while the test does, and leave nothing of it behind."""
    # into files: a pipe that nobody empties stops the service when it is full
    with (data_dir.parent / "output").open("w") as output, (data_dir.parent / "errors").open("w") as errors:
        process = subprocess.Popen(
            command,
            cwd=data_dir.parent,
            env=environment(data_dir, **variables),
            stdout=output,
            stderr=errors,
            process_group=0,
        )
    family = [psutil.Process(process.pid)]
    try:
        yield Service(process, data_dir)
        if process.poll() is None:
            family += family[0].children(recursive=True)
            process.terminate()
            process.wait(60)
    finally:
        for member in family:
            if member.is_running():
                member.kill()
        process.wait()


def serve(data_dir: Path, *options: str, **variables: str) -> AbstractContextManager[Service]:
    """Run `doldrums serve` while the test does."""
    return started([COMMAND, "serve", *options], data_dir, **variables)
