"""The supervisor keeps parts running, whatever happens to one of them; the parts here are stubs."""

import os
import signal
import socket
import sys
import time
from contextlib import AbstractContextManager
from pathlib import Path

import psutil
import pytest

from tests.doldrums.command import Service, started
from tests.waiting import eventually

STUB = Path(__file__).with_name("stub_service.py")


def service(data_dir: Path, *names: str) -> AbstractContextManager[Service]:
    return started([sys.executable, STUB, *names], data_dir)


def answers(address: str) -> bool:
    host, port = address.split(":")
    try:
        socket.create_connection((host, int(port)), timeout=1).close()
    except OSError:
        return False
    return True


def replaced(running: Service, pid: int) -> int:
    """Return the new process of the first part, once there is one."""
    new = running.pids().get("first", pid)
    return new if new != pid else 0


def runs(pid: int) -> bool:
    """Tell whether a process is there; one that nobody waits for stays as a zombie."""
    return psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    return tmp_path / "data"


def test_the_run_file_says_where_everything_is(data_dir: Path) -> None:
    with service(data_dir, "first", "second") as running:
        run = running.wait_until_ready()

        assert answers(run["first"])
        assert answers(run["second"])
        assert {psutil.Process(pid).ppid() for pid in run["pids"].values()} == {running.process.pid}
        assert (data_dir / "run.json").stat().st_mode & 0o777 == 0o600
        assert data_dir.stat().st_mode & 0o777 == 0o700


@pytest.mark.faults
def test_a_killed_child_comes_back_at_its_address_and_the_others_do_not_notice(data_dir: Path) -> None:
    with service(data_dir, "first", "second") as running:
        before = running.wait_until_ready()

        os.kill(before["pids"]["first"], signal.SIGKILL)
        after = eventually(lambda: running.run_file_but(before))

        eventually(lambda: answers(before["first"]))
        assert after["first"] == before["first"]
        assert after["pids"]["second"] == before["pids"]["second"]


@pytest.mark.faults
def test_a_run_file_that_could_not_be_written_is_written_later(data_dir: Path) -> None:
    """As on a full disk: until there is room, the file names a process that is gone."""
    with service(data_dir, "first", "second") as running:
        before = running.wait_until_ready()
        in_the_way = data_dir / "run.new"
        in_the_way.mkdir()

        os.kill(before["pids"]["first"], signal.SIGKILL)
        eventually(lambda: "run_file_not_written" in running.errors + running.output)
        assert not running.run_file_but(before)
        in_the_way.rmdir()

        assert eventually(lambda: running.run_file_but(before))["first"] == before["first"]


@pytest.mark.faults
def test_a_child_that_dies_again_and_again_waits_longer_each_time(data_dir: Path) -> None:
    with service(data_dir, "first", "second") as running:
        killed = running.wait_until_ready()["pids"]["first"]
        pauses_s = []
        for _ in range(3):
            os.kill(killed, signal.SIGKILL)
            began = time.monotonic()
            killed = eventually(lambda: replaced(running, killed))  # noqa: B023 - called at once
            pauses_s.append(time.monotonic() - began)

        assert pauses_s[1] > 0.9
        assert pauses_s[2] > 1.9


def test_a_child_that_crashes_at_its_start_is_started_again(data_dir: Path) -> None:
    with service(data_dir, "crashing") as running:
        assert running.wait_until_ready()


def test_children_stop_in_order_and_the_run_file_goes(data_dir: Path) -> None:
    with service(data_dir, "client", "first", "second") as running:
        running.wait_until_ready()
        eventually((data_dir / "client-listens").exists)

        assert running.end() == 0
        assert (data_dir / "stopped").read_text().split() == ["client", "first", "second"]
        assert not (data_dir / "run.json").exists()


def test_ctrl_c_reaches_the_supervisor_alone(data_dir: Path) -> None:
    with service(data_dir, "first", "second") as running:
        running.wait_until_ready()

        # what a terminal does: the signal goes to the whole foreground group
        os.killpg(running.process.pid, signal.SIGINT)

        assert running.process.wait(60) == 0
        assert (data_dir / "stopped").read_text().split() == ["first", "second"]


def test_a_child_that_does_not_stop_is_killed_in_time(data_dir: Path) -> None:
    with service(data_dir, "stubborn", "second") as running:
        stubborn = running.wait_until_ready()["pids"]["stubborn"]

        assert running.end() == 0
        assert not runs(stubborn)
        assert (data_dir / "stopped").read_text().split() == ["second"]


@pytest.mark.faults
def test_children_end_with_a_supervisor_that_is_killed_and_the_folder_opens_at_once(data_dir: Path) -> None:
    with service(data_dir, "stubborn", "second") as running:
        orphans = running.wait_until_ready()["pids"].values()

        running.end(signal.SIGKILL)

        with service(data_dir, "first") as next_one:
            eventually(lambda: "first" in next_one.run_file())
            assert not any(map(runs, orphans))


def test_a_child_that_refuses_to_start_says_why_once_and_ends_the_service(data_dir: Path) -> None:
    with service(data_dir, "refusing", "second") as running:
        assert running.process.wait(60) == 2
        assert running.errors == "The moon is in the wrong phase: wait a week.\n"
        assert running.output == ""
        assert not (data_dir / "run.json").exists()
