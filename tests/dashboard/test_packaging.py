"""What is not Python has to be in the wheel too."""

import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest

import dashboard

ROOT = Path(dashboard.__file__).parents[1]
# where `make` puts it when the machine has none
UV = shutil.which("uv") or shutil.which("uv", path=ROOT / ".cache" / "uv" / "bin")


@pytest.mark.skipif(UV is None, reason="builds with uv")
def test_the_wheel_carries_every_asset(tmp_path: Path) -> None:
    command = [
        str(UV),
        "build",
        "--wheel",
        "--offline",
        "--no-build-logs",
        "--out-dir",
        str(tmp_path),
        str(ROOT),
    ]
    subprocess.run(command, check=True, capture_output=True)
    wheel = zipfile.ZipFile(next(tmp_path.glob("doldrums-*.whl")))
    package = ROOT / "dashboard"

    assets = {
        str(path.relative_to(ROOT))
        for path in package.rglob("assets/*")
        if path.suffix in (".js", ".css", ".png")
    }

    assert assets
    assert assets <= set(wheel.namelist())
