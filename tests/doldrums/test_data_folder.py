import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from doldrums.data_folder import bytes_short, held, holder, is_demo, mark_as_demo
from doldrums.errors import UserError


def test_a_held_folder_says_by_whom(tmp_path: Path) -> None:
    assert holder(tmp_path) is None

    with held(tmp_path):
        assert holder(tmp_path) == os.getpid()

    assert holder(tmp_path) is None


def test_a_folder_is_held_once(tmp_path: Path) -> None:
    with (
        held(tmp_path),
        pytest.raises(UserError, match=f"another doldrums .process {os.getpid()}."),
    ):
        held(tmp_path).__enter__()


def test_a_new_folder_is_for_this_user_alone(tmp_path: Path) -> None:
    with held(tmp_path / "new" / "data"):
        assert (tmp_path / "new" / "data").stat().st_mode & 0o777 == 0o700
        assert (tmp_path / "new" / "data" / "lock").stat().st_mode & 0o777 == 0o600


def test_a_folder_is_waited_for_while_the_children_of_a_killed_service_go(tmp_path: Path) -> None:
    with held(tmp_path) as lock:
        child = subprocess.Popen(
            [sys.executable, "-c", "import sys, time; print(flush=True); time.sleep(1)"],
            pass_fds=[lock],
            stdout=subprocess.PIPE,
        )
        assert child.stdout is not None
        child.stdout.readline()
    # as the supervisor leaves it: dead, its number in the file
    dead = subprocess.Popen(["true"])
    dead.wait()
    (tmp_path / "lock").write_text(str(dead.pid))

    with held(tmp_path):
        assert child.wait(60) == 0


@pytest.mark.parametrize("place", ["file", "file/below"])
def test_a_file_in_its_place_is_refused(tmp_path: Path, place: str) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(UserError, match=r"cannot be written .* DOLDRUMS_DATA_DIR"):
        held(tmp_path / place).__enter__()


@pytest.fixture
def ordinary_user(tmp_path: Path) -> Iterator[Path]:
    """Root may write everywhere: be nobody for a moment, in a folder that is there already."""
    user = os.geteuid()
    if user == 0:
        os.seteuid(65534)
    else:
        tmp_path.chmod(0o500)
    yield tmp_path
    os.seteuid(user)


def test_a_folder_without_the_right_to_write_is_refused(ordinary_user: Path) -> None:
    with pytest.raises(UserError, match="Permission denied"):
        held(ordinary_user / "data").__enter__()


def test_demo_data_is_never_mixed_with_real_data(tmp_path: Path) -> None:
    with held(tmp_path):
        mark_as_demo(tmp_path)
        assert is_demo(tmp_path)
    (tmp_path / "state.db").touch()
    mark_as_demo(tmp_path)

    (tmp_path / "demo").unlink()

    with pytest.raises(UserError, match="not demo data"):
        mark_as_demo(tmp_path)


def test_the_larger_floor_counts(tmp_path: Path) -> None:
    assert bytes_short(tmp_path, free_bytes_min=0, free_ratio_min=0.0) == 0
    assert bytes_short(tmp_path, free_bytes_min=2**60, free_ratio_min=0.0) > 2**59
    assert bytes_short(tmp_path, free_bytes_min=0, free_ratio_min=0.999) > 0
