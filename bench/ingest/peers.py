"""`python -m bench.ingest.peers`: the same requests into Phoenix and MLflow, where they install.

Each is installed by name into an environment of its own under a temporary folder, started as its
documentation says, sent batches of 512 spans for some seconds, and asked (in its own database) how
many it stored, until the number stands still.
"""

import argparse
import os
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from bench.ingest.spans import requests

BATCH = 512
START_S_MAX = 120
STILL_S = 10
ANSWER_S_MAX = 120


@dataclass(frozen=True)
class Peer:
    """How one of them is installed, started, fed and counted; `{port}` and `{folder}` are filled in."""

    name: str
    package: str
    command: Sequence[str]
    database: str
    environment: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)


PEERS = (
    Peer(
        "Phoenix",
        "arize-phoenix",
        ("phoenix", "serve"),
        "phoenix.db",
        {"PHOENIX_WORKING_DIR": "{folder}", "PHOENIX_PORT": "{port}", "PHOENIX_HOST": "127.0.0.1",
         "PHOENIX_GRPC_PORT": "0", "PHOENIX_TELEMETRY_ENABLED": "false"},
    ),
    Peer(
        "MLflow",
        "mlflow",
        ("mlflow", "server", "--backend-store-uri", "sqlite:///{folder}/mlflow.db", "--port", "{port}",
         "--host", "127.0.0.1", "--workers", "1"),
        "mlflow.db",
        headers={"x-mlflow-experiment-id": "0"},
    ),
)  # fmt: skip


def main() -> None:
    arguments = _arguments()
    print("| system | version | spans/s stored (batches of 512, HTTP) |\n|---|---|---|")
    for peer in PEERS:
        with tempfile.TemporaryDirectory() as name:
            print(_measured(peer, Path(name), arguments.seconds), flush=True)


def _measured(peer: Peer, folder: Path, seconds: float) -> str:
    try:
        version = _install(peer, folder)
        rate = _rate(peer, folder, seconds)
    except (subprocess.CalledProcessError, httpx.HTTPError, TimeoutError, sqlite3.Error) as error:
        return f"| {peer.name} | - | not measured: {type(error).__name__}: {str(error)[:200]} |"
    return f"| {peer.name} | {version} | {rate:,.0f} |"


def _install(peer: Peer, folder: Path) -> str:
    venv = folder / "venv"
    subprocess.run([sys.executable, "-m", "venv", str(venv)], check=True)
    pip = [str(venv / "bin" / "python"), "-m", "pip", "--disable-pip-version-check"]
    subprocess.run([*pip, "install", "--quiet", peer.package], check=True, capture_output=True)
    shown = subprocess.run([*pip, "show", peer.package], check=True, capture_output=True, text=True).stdout
    return next(line.split(": ")[1] for line in shown.splitlines() if line.startswith("Version"))


def _rate(peer: Peer, folder: Path, seconds: float) -> float:
    port = _free_port()
    known = {"port": str(port), "folder": str(folder)}
    command = [word.format(**known) for word in peer.command]
    environment = os.environ | {name: text.format(**known) for name, text in peer.environment.items()}
    command[0] = str(folder / "venv" / "bin" / command[0])
    with (
        (folder / "log").open("w") as log,
        subprocess.Popen(
            command, env=environment, stdout=log, stderr=log, cwd=folder, start_new_session=True
        ) as process,
    ):
        try:
            _wait_until_up(port)
            return _send_and_count(peer, folder, port, seconds)
        finally:
            os.killpg(process.pid, 15)


def _send_and_count(peer: Peer, folder: Path, port: int, seconds: float) -> float:
    url = f"http://127.0.0.1:{port}/v1/traces"
    headers = {"content-type": "application/x-protobuf", **peer.headers}
    started = time.monotonic()
    with httpx.Client(headers=headers, timeout=ANSWER_S_MAX) as client:
        for body in requests(10_000, BATCH, seed=0):
            _post(client, url, body)
            if time.monotonic() - started > seconds:
                break
    stored, at = 0, started
    while time.monotonic() - at < STILL_S or not stored:
        now = _count(folder / peer.database)
        if now > stored:
            stored, at = now, time.monotonic()
        if time.monotonic() - started > START_S_MAX + seconds:
            break
        time.sleep(0.5)
    return stored / (at - started)


def _post(client: httpx.Client, url: str, body: bytes) -> None:
    """Send until it is taken: 503 and 429 ask to come again."""
    deadline = time.monotonic() + ANSWER_S_MAX
    while (answer := client.post(url, content=body)).status_code in {429, 503}:
        if time.monotonic() > deadline:
            raise TimeoutError("it did not take a batch")
        time.sleep(0.2)
    answer.raise_for_status()


def _count(database: Path) -> int:
    with sqlite3.connect(f"file:{database}?mode=ro", uri=True, timeout=30) as connection:
        (count,) = connection.execute("SELECT count(*) FROM spans").fetchone()
        return int(count)


def _wait_until_up(port: int) -> None:
    deadline = time.monotonic() + START_S_MAX
    while time.monotonic() < deadline:
        try:
            httpx.get(f"http://127.0.0.1:{port}/", timeout=10)
        except httpx.HTTPError:
            time.sleep(0.5)
        else:
            return
    raise TimeoutError("it did not start")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.ingest.peers", description=__doc__)
    parser.add_argument("--seconds", type=float, default=20)
    return parser.parse_args()


if __name__ == "__main__":
    main()
