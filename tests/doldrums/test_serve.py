"""The whole service, as its user runs it."""

import json
import os
import signal
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest

from tests.doldrums.command import COMMAND, Service, doldrums, serve, started
from tests.loopback import http
from tests.waiting import eventually

CAPTURE = Path(__file__).parents[1] / "captures" / "requests" / "vercel-ai_json"


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    folder = tmp_path_factory.mktemp("service")
    # what a user may have where they stand is not imported for ours
    (folder / "analytics.py").write_text("raise RuntimeError('not ours')")
    with serve(folder / "data", "--no-dashboard") as service:
        service.wait_until_ready()
        yield service


def api(run: dict[str, Any], path: str) -> dict[str, Any]:
    answer = http.get(f"http://{run['api']}{path}").raise_for_status()
    content: dict[str, Any] = answer.json()
    return content


def stored(run: dict[str, Any]) -> int:
    return int(api(run, "/api/v1/stats")["spans"]["stored"])


def send_capture(run: dict[str, Any], cwd: Path) -> int:
    """Replay a capture into the service and return how many spans it took."""
    ran = doldrums("replay", CAPTURE, "--now", "--endpoint", f"http://{run['otlp_http']}", cwd=cwd)
    assert ran.returncode == 0, ran.stderr
    return int(ran.stdout.split()[1])


def test_run_json_has_addresses_and_processes_and_no_more(running: Service) -> None:
    run = running.run_file()

    assert set(run) == {"otlp_grpc", "otlp_http", "api", "pids"}
    assert set(run["pids"]) == {"receiver", "core"}
    assert not any(address.endswith(":0") for name, address in run.items() if name != "pids")


def test_what_is_kept_is_for_its_user_alone(running: Service) -> None:
    kept = [path for path in running.data_dir.iterdir() if path.name != "store"]

    assert stat.S_IMODE(running.data_dir.stat().st_mode) == 0o700
    assert {path.name: oct(path.stat().st_mode & 0o077) for path in kept} == dict.fromkeys(
        (path.name for path in kept), "0o0"
    )


def test_a_folder_that_is_open_is_refused_and_the_first_goes_on(running: Service) -> None:
    ran = doldrums("serve", "--no-dashboard", cwd=running.data_dir.parent)

    assert ran.returncode == 2
    assert ran.stderr == (
        f"The data folder {running.data_dir} is open in another doldrums (process {running.process.pid}): "
        "stop that one, or choose another folder with DOLDRUMS_DATA_DIR.\n"
    )
    assert api(running.run_file(), "/readyz")["ok"]


def test_a_replay_finds_the_service_that_runs_here(running: Service) -> None:
    before = stored(running.run_file())

    ran = doldrums("replay", CAPTURE, cwd=running.data_dir.parent)

    assert ran.returncode == 0
    assert f"to http://{running.run_file()['otlp_http']}/v1/traces" in ran.stdout
    eventually(lambda: stored(running.run_file()) > before)


def test_the_doctor_sees_the_service(running: Service) -> None:
    ran = doldrums("doctor", cwd=running.data_dir.parent)

    assert f"process {running.process.pid} is ready" in ran.stdout
    assert f"{running.run_file()['otlp_grpc']}, the running service" in ran.stdout
    assert ran.returncode == 0


@pytest.mark.faults
@pytest.mark.parametrize(("killed", "other"), [("receiver", "core"), ("core", "receiver")])
def test_a_killed_part_comes_back_and_the_other_does_not_notice(
    running: Service, tmp_path: Path, killed: str, other: str
) -> None:
    before = running.run_file()

    os.kill(before["pids"][killed], signal.SIGKILL)

    after = eventually(
        lambda: (run := running.run_file())["pids"].get(killed) != before["pids"][killed] and run
    )
    assert after["pids"][other] == before["pids"][other]
    assert {**after, "pids": None} == {**before, "pids": None}
    eventually(lambda: answers(after))
    spans = stored(after)
    sent = send_capture(after, tmp_path)
    eventually(lambda: stored(after) == spans + sent)
    died = next(event for event in reversed(events(running)) if event["event"] == "child_died")
    assert (died["process"], died["child"], died["level"]) == ("supervisor", killed, "warning")


def test_events_are_json_that_names_the_process(running: Service) -> None:
    assert {"receiver", "core"} <= {event["process"] for event in events(running)}


def events(service: Service) -> list[dict[str, Any]]:
    """Everything logged so far; the last line may be under way."""
    return [json.loads(line) for line in service.errors.splitlines(keepends=True) if line.endswith("\n")]


def answers(run: dict[str, Any]) -> bool:
    try:
        http.get(f"http://{run['otlp_http']}/healthz").raise_for_status()
        return bool(api(run, "/readyz")["ok"])
    except httpx.HTTPError:
        return False


def test_sigterm_stops_everything_and_nothing_is_lost(tmp_path: Path) -> None:
    data_dir = tmp_path / "data"
    with serve(data_dir, "--no-dashboard") as first:
        run = first.wait_until_ready()
        sent = send_capture(run, tmp_path)

        assert first.end(signal.SIGTERM) == 0

        assert not any(psutil.pid_exists(pid) for pid in run["pids"].values())
        assert not (data_dir / "run.json").exists()
    with serve(data_dir, "--no-dashboard") as second:
        run = second.wait_until_ready()
        eventually(lambda: stored(run) == sent)


@pytest.mark.faults
def test_after_kill_9_of_the_supervisor_the_same_folder_and_ports_open_at_once(tmp_path: Path) -> None:
    data_dir = tmp_path / "data"
    with serve(data_dir, "--no-dashboard") as first:
        run = first.wait_until_ready()
        sent = send_capture(run, tmp_path)
        first.end(signal.SIGKILL)

        names = {"otlp_grpc": "OTLP_GRPC", "otlp_http": "OTLP_HTTP", "api": "API"}
        same = {f"DOLDRUMS_{setting}_ADDRESS": run[name] for name, setting in names.items()}
        with serve(data_dir, "--no-dashboard", **same) as second:
            # the first one had no time to remove its own
            again = eventually(lambda: second.run_file_but(run), within_s=120)

            assert {**again, "pids": None} == {**run, "pids": None}
            eventually(lambda: stored(again) == sent)


def test_the_demo_has_its_own_folder_a_feed_and_every_part_and_goes_without_a_trace(tmp_path: Path) -> None:
    # the default folder is the one that gets -demo behind
    home = {"DOLDRUMS_DATA_DIR": "", "XDG_DATA_HOME": str(tmp_path)}
    data_dir = tmp_path / "doldrums-demo"
    command = [COMMAND, "demo"]
    with started(command, data_dir, **home) as demo:
        run = demo.wait_until_ready()
        eventually(lambda: set(demo.pids()) == {"receiver", "core", "dashboard", "feed"})
        eventually(lambda: stored(run) > 100)

        assert (data_dir / "demo").read_bytes() == b""
        assert api(run, "/api/v1/stats")["demo"] is True
        assert http.get(f"http://{run['dashboard']}").is_success
        while_it_runs = doldrums("demo", "--remove", cwd=tmp_path, **home)
        assert (while_it_runs.returncode, "stop it first" in while_it_runs.stderr) == (2, True)
        assert demo.end(signal.SIGINT) == 0

    assert f"http://{run['dashboard']}" in demo.output
    assert f"export OTEL_EXPORTER_OTLP_ENDPOINT=http://{run['otlp_http']}" in demo.output
    assert "doldrums demo --remove" in demo.output
    assert doldrums("demo", "--remove", cwd=tmp_path, **home).returncode == 0
    assert not data_dir.exists()
