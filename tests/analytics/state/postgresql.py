"""A throw-away PostgreSQL cluster."""

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

PASSWORD = "correct-horse"
_START_S_MAX = 60


@contextmanager
def cluster() -> Iterator[str]:
    """Run a cluster on a free port; yield its address, without a database at the end."""
    programs = _programs()
    # The server refuses to run as root, and pytest's own folders are closed to others.
    account = "postgres" if os.geteuid() == 0 else None
    with tempfile.TemporaryDirectory(prefix="doldrums-postgresql-") as folder:
        if account:
            shutil.chown(folder, account, account)
        data = Path(folder) / "data"
        _initialise(programs / "initdb", data, account)
        port = _free_port()
        server = subprocess.Popen(
            [programs / "postgres", "-D", data, "-p", str(port), "-h", "127.0.0.1", "-k", folder, "-F"],
            user=account,
            group=account,
            cwd="/",
            stdout=subprocess.DEVNULL,
            stderr=(Path(folder) / "log").open("wb"),
        )
        try:
            address = f"postgresql+psycopg://doldrums:{PASSWORD}@127.0.0.1:{port}"
            _wait(address, server, Path(folder) / "log")
            yield address
        finally:
            server.kill()
            server.wait()


def execute(address: str, statement: str) -> None:
    """Run one statement that may not be inside a transaction."""
    with psycopg.connect(f"{address.replace('+psycopg', '')}/postgres", autocommit=True) as connection:
        connection.execute(statement)


def _programs() -> Path:
    """Return the folder of the server's programs; Debian keeps them off the path."""
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: float(path.parent.name))
    found = shutil.which("postgres") or next((path / "postgres" for path in reversed(folders)), None)
    if found is None:
        message = "PostgreSQL is not installed: apt-get install -y postgresql"
        if os.environ.get("CI") == "true":
            pytest.fail(message)
        pytest.skip(message)
    return Path(found).resolve().parent


def _initialise(initdb: Path, data: Path, account: str | None) -> None:
    password = data.parent / "password"
    password.write_text(PASSWORD)
    if account:
        shutil.chown(password, account, account)
    options = [
        "-U",
        "doldrums",
        f"--pwfile={password}",
        "--auth=scram-sha-256",
        "--encoding=UTF8",
        "--no-sync",
    ]
    subprocess.run(
        [initdb, "-D", data, *options], user=account, group=account, cwd="/", check=True, capture_output=True
    )


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait(address: str, server: "subprocess.Popen[bytes]", log: Path) -> None:
    deadline = time.monotonic() + _START_S_MAX
    while time.monotonic() < deadline and server.poll() is None:
        try:
            execute(address, "SELECT 1")
        except psycopg.OperationalError:
            time.sleep(0.05)
        else:
            return
    pytest.fail(f"PostgreSQL did not start: {log.read_text()[-2000:]}")
