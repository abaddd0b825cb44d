import socket
from pathlib import Path

from tests.doldrums.command import doldrums


def test_a_machine_that_can_run_the_service(tmp_path: Path) -> None:
    ran = doldrums("doctor", cwd=tmp_path)

    assert ran.returncode == 0, ran.stdout
    assert "fail" not in ran.stdout
    assert "none runs on this folder" in ran.stdout
    assert "chDB, ClickHouse " in ran.stdout


def test_every_obstacle_is_named_with_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "data").touch()
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = f"127.0.0.1:{server.getsockname()[1]}"
        ran = doldrums(
            "doctor",
            cwd=tmp_path,
            DOLDRUMS_API_ADDRESS=address,
            DOLDRUMS_FREE_BYTES_MIN=str(2**60),
            COLUMNS="400",
        )

    failed = [line for line in ran.stdout.splitlines() if "fail" in line]
    assert ran.returncode == 1
    assert len(failed) == 3
    assert "Port, api" in failed[0]
    assert "change api_address, or stop the other process" in failed[0]
    assert "Data folder" in failed[1]
    assert "move the file away" in failed[1]
    assert "spans are refused with 503" in failed[2]
    assert "make room" in failed[2]


def test_a_folder_that_others_can_read_is_a_warning(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir(mode=0o755)

    # wide enough for the path: a line that wraps is none to look for
    ran = doldrums("doctor", cwd=tmp_path, COLUMNS="400")

    assert "open to other users" in ran.stdout
    assert ran.returncode == 0
