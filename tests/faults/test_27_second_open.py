"""Scenario 27: who opens the same data twice, or may not write it, is told so and harms nobody."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from tests.builders import span
from tests.collector.otlp.builders import body
from tests.doldrums.command import COMMAND, environment
from tests.faults.clients import PROTOBUF
from tests.faults.size import note
from tests.service import Service

OPEN = "import sys; from collector.store.store import open_store; open_store(sys.argv[1])"


def works(service: Service) -> bool:
    sent = httpx.post(
        f"{service.url('otlp_http')}/v1/traces", content=body(span()), headers=PROTOBUF, timeout=60
    )
    return sent.status_code == 200 and service.is_ready()


def serve(folder: Path, **how: object) -> subprocess.CompletedProcess[str]:
    command = [*how.pop("before", ()), COMMAND, "serve", "--no-dashboard"]  # type: ignore[call-overload]
    return subprocess.run(
        command, env=environment(folder), cwd="/", capture_output=True, text=True, timeout=120, check=False
    )


@pytest.mark.faults
def test_a_second_service_is_told_who_has_the_folder(service: Service) -> None:
    second = serve(service.folder)

    assert (second.returncode, second.stdout) == (2, "")
    assert f"The data folder {service.folder} is open in another doldrums (process " in second.stderr
    assert works(service)
    note("27 second service", "once", message="one sentence", first_unharmed="yes")


@pytest.mark.faults
def test_a_second_engine_on_the_same_store_is_told_so(service: Service) -> None:
    second = subprocess.run(
        [sys.executable, "-c", OPEN, f"chdb://{service.folder / 'store'}"],
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip

    assert second.returncode != 0
    assert "cannot be opened: another process has it open" in second.stderr
    assert works(service)


@pytest.mark.faults
@pytest.mark.skipif(os.geteuid() != 0, reason="mounting a file system needs root")
def test_a_folder_that_can_only_be_read_is_named(tmp_path: Path) -> None:
    mounted = ["mount", "-t", "tmpfs", "-o", "ro,size=1m", "tmpfs", tmp_path]
    if subprocess.run(mounted, check=False, capture_output=True).returncode != 0:
        pytest.skip("no file system can be mounted here")
    try:
        refused = serve(tmp_path)
    finally:
        subprocess.run(["umount", tmp_path], check=False)

    assert refused.returncode == 2
    assert f"The data folder {tmp_path} cannot be written (Read-only file system)" in refused.stderr


@pytest.mark.faults
@pytest.mark.skipif(os.geteuid() != 0 or shutil.which("setpriv") is None, reason="needs root and setpriv")
def test_a_folder_of_somebody_else_is_named(tmp_path: Path) -> None:
    """Root without its right over others' files stands for another user, who might not read our Python."""
    theirs = tmp_path / "theirs"
    theirs.mkdir(mode=0o700)
    os.chown(theirs, 65534, 65534)

    refused = serve(theirs, before=("setpriv", "--bounding-set=-dac_override,-dac_read_search"))

    assert refused.returncode == 2
    assert f"The data folder {theirs} cannot be written (Permission denied)" in refused.stderr
