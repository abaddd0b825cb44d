"""The data folder: ours to write, and open in one service at a time."""

import errno
import fcntl
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

from doldrums.errors import UserError
from doldrums.run_file import FILE_NAME as RUN_FILE_NAME

LOCK = "lock"
DEMO_MARKER = "demo"
ALLOW = "give this user the right to write there"
ADVICE = dict.fromkeys((errno.ENOSPC, errno.EDQUOT), "make room on that disk") | dict.fromkeys(
    (errno.ENOTDIR, errno.EEXIST), "move the file away that stands in its place"
)
# The children of a service that was killed notice it at once, and take this long at most to go.
ORPHANS_S_MAX = 5.0


@contextmanager
def held(folder: Path) -> Iterator[int]:
    """Keep the folder for this service, made if it is not there, and give the lock's descriptor.

    The children inherit the descriptor, so the folder is free only when the last of them is gone.

    Raises
    ------
    UserError
        The folder cannot be written, or another service has it open.
    """
    lock = _open_lock(folder)
    try:
        _take(lock, folder)
        os.ftruncate(lock, 0)
        os.pwrite(lock, str(os.getpid()).encode(), 0)
        yield lock
    finally:
        os.close(lock)


def holder(folder: Path) -> int | None:
    """Return the process id of the service that has the folder open."""
    try:
        lock = os.open(folder / LOCK, os.O_RDONLY)
    except OSError:
        return None
    try:
        fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return _written_pid(lock)
    else:
        return None
    finally:
        os.close(lock)


def probe(folder: Path) -> None:
    """Write a file that nobody sees; OSError says why it cannot be done."""
    with tempfile.TemporaryFile(dir=folder) as file:
        file.write(b"?")


def refusal(folder: Path, error: OSError) -> UserError:
    """Return what to tell the user about a folder that cannot be used."""
    return UserError(
        f"The data folder {folder} cannot be written ({error.strerror}): "
        f"{ADVICE.get(error.errno or 0, ALLOW)}, or choose another folder with DOLDRUMS_DATA_DIR."
    )


def mark_as_demo(folder: Path) -> None:
    """Write the marker that makes the folder removable; real data is never mixed with demo data."""
    others = {path.name for path in folder.iterdir()} - {LOCK, RUN_FILE_NAME, DEMO_MARKER}
    if others and not is_demo(folder):
        raise UserError(
            f"The data folder {folder} holds data that is not demo data: "
            f"name another one for the demo, for example DOLDRUMS_DATA_DIR={folder}-demo."
        )
    (folder / DEMO_MARKER).touch(mode=0o600)


def is_demo(folder: Path) -> bool:
    """Return whether the folder holds demo data."""
    return (folder / DEMO_MARKER).is_file()


def bytes_short(folder: Path, free_bytes_min: int, free_ratio_min: float) -> int:
    """Return how many bytes the disk lacks to its floor; 0 when there is room."""
    disk = shutil.disk_usage(folder)
    return max(0, max(free_bytes_min, int(free_ratio_min * disk.total)) - disk.free)


def _open_lock(folder: Path) -> int:
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        probe(folder)
        return os.open(folder / LOCK, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise refusal(folder, error) from None


def _take(lock: int, folder: Path) -> None:
    patience_ends = time.monotonic() + ORPHANS_S_MAX
    while True:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            pid = _written_pid(lock)
            if _runs(pid) or time.monotonic() > patience_ends:
                process = f" (process {pid})" if pid else ""
                raise UserError(
                    f"The data folder {folder} is open in another doldrums{process}: "
                    "stop that one, or choose another folder with DOLDRUMS_DATA_DIR."
                ) from None
            time.sleep(0.05)
        else:
            return


def _written_pid(lock: int) -> int | None:
    text = os.pread(lock, 20, 0)
    return int(text) if text.isdigit() else None


def _runs(pid: int | None) -> bool:
    try:
        return pid is not None and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
