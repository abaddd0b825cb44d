"""What does not allow a start is one sentence and exit code 2, and nothing is started."""

import socket
import subprocess
import sys
from pathlib import Path

import pytest

from doldrums.settings import Settings
from tests.doldrums.command import doldrums


def refusal(*arguments: str | Path, cwd: Path, **variables: str) -> str:
    """Return the sentence with which a command ends."""
    ran = doldrums(*arguments, cwd=cwd, **variables)
    assert (ran.returncode, ran.stdout) == (2, "")
    assert ran.stderr.count("\n") == 1, ran.stderr
    return ran.stderr


@pytest.mark.parametrize("command", ["serve", "demo", "dashboard", "doctor"])
def test_a_misspelt_setting(tmp_path: Path, command: str) -> None:
    assert refusal(command, cwd=tmp_path, DOLDRUMS_DATADIR="x") == (
        "The environment has an unknown setting DOLDRUMS_DATADIR. Did you mean DOLDRUMS_DATA_DIR?\n"
    )


def test_a_misspelt_key_in_a_named_file(tmp_path: Path) -> None:
    (tmp_path / "my.toml").write_text("api_adress = '127.0.0.1:1'")

    assert refusal("serve", "--config", "my.toml", cwd=tmp_path) == (
        "my.toml has an unknown setting api_adress. Did you mean api_address?\n"
    )


@pytest.mark.parametrize(
    "setting", ["OTLP_GRPC_ADDRESS", "OTLP_HTTP_ADDRESS", "API_ADDRESS", "DASHBOARD_ADDRESS"]
)
def test_a_port_in_use(tmp_path: Path, setting: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = f"127.0.0.1:{server.getsockname()[1]}"
        sentence = refusal("serve", cwd=tmp_path, **{f"DOLDRUMS_{setting}": address})

    assert sentence.startswith(f"DOLDRUMS_{setting} is {address}: that port is in use by process ")


def test_a_certificate_that_is_not_there(tmp_path: Path) -> None:
    ran = doldrums(
        "serve",
        "--no-dashboard",
        cwd=tmp_path,
        DOLDRUMS_OTLP_TLS_CERT_FILE="cert.pem",
        DOLDRUMS_OTLP_TLS_KEY_FILE="key.pem",
    )

    assert ran.returncode == 2
    assert ran.stderr == (
        f"the TLS certificate {tmp_path / 'cert.pem'} cannot be read: No such file or directory\n"
    )


@pytest.mark.parametrize("place", ["/proc/doldrums", "file", "file/below"])
def test_an_unwritable_folder(tmp_path: Path, place: str) -> None:
    (tmp_path / "file").touch()
    folder = tmp_path / place

    sentence = refusal("serve", cwd=tmp_path, DOLDRUMS_DATA_DIR=str(folder))

    assert sentence.startswith(f"The data folder {folder} cannot be written (")
    assert "DOLDRUMS_DATA_DIR" in sentence


def test_a_store_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    folder = tmp_path / "file" / "store"

    sentence = refusal_of_a_child(tmp_path, DOLDRUMS_CLICKHOUSE_DSN=f"chdb://{folder}")

    assert sentence == f"The store folder {folder} cannot be made: Not a directory."


def test_a_store_that_another_process_has_open(tmp_path: Path) -> None:
    opening = "from collector.store.store import open_store; store = open_store(argv[1])"
    opened = f"from sys import argv, stdin; {opening}; print(flush=True); stdin.read()"
    command = [sys.executable, "-c", opened, f"chdb://{tmp_path / 'data' / 'store'}"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout
        other.stdout.readline()
        sentence = refusal_of_a_child(tmp_path)
        other.kill()

    assert "another process has it open" in sentence


def test_a_state_database_that_is_none(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "state.db").write_bytes(b"this is no database at all" * 100)

    assert "state.db" in refusal_of_a_child(tmp_path)


def refusal_of_a_child(cwd: Path, **variables: str) -> str:
    ran = doldrums("serve", "--no-dashboard", cwd=cwd, **variables)
    assert ran.returncode == 2
    assert "Traceback" not in ran.stderr
    (sentence,) = (line for line in ran.stderr.splitlines() if not line.startswith("{"))
    return sentence


def test_real_data_is_not_taken_for_a_demo(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "state.db").touch()

    assert "holds data that is not demo data" in refusal("demo", cwd=tmp_path)
    assert "not marked as demo data" in refusal("demo", "--remove", cwd=tmp_path)
    assert (tmp_path / "data" / "state.db").exists()


def test_there_is_no_demo_to_remove(tmp_path: Path) -> None:
    assert "There is no demo data" in refusal("demo", "--remove", cwd=tmp_path)


@pytest.mark.parametrize("part", ["collector", "analytics"])
def test_a_part_that_needs_a_cluster_says_so(tmp_path: Path, part: str) -> None:
    assert "which this version does not run on yet" in refusal(part, cwd=tmp_path)


def test_an_address_that_others_reach_without_any_key(tmp_path: Path) -> None:
    ran = doldrums("serve", "--no-dashboard", cwd=tmp_path, DOLDRUMS_API_ADDRESS="0.0.0.0:0")

    assert ran.returncode == 2
    [sentence] = [line for line in ran.stderr.splitlines() if line.startswith("DOLDRUMS_")]
    assert sentence.startswith("DOLDRUMS_API_ADDRESS is 0.0.0.0:")
    assert "there is no API key: start once without it, run `doldrums keys create`" in sentence


@pytest.mark.parametrize("setting", ["otlp_grpc_address", "otlp_http_address", "api_address"])
def test_what_others_reach(setting: str) -> None:
    assert list(Settings(**{setting: "0.0.0.0:0"}).reachable()) == [setting]
    assert Settings(dashboard_address="0.0.0.0:0").reachable() == {}


def test_keys_without_a_service(tmp_path: Path) -> None:
    sentence = refusal("keys", "list", cwd=tmp_path)

    assert sentence.startswith(f"No service runs on {tmp_path}")
