"""Whether this machine's clock can be believed: open spans are judged by it."""

import os
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

from doldrums.doctor.check import Check

# A file system of this machine stamps with the kernel's tick; a difference of seconds is a server's clock.
DIFFERENCE_S_MAX = 2.0


def check_clock(folder: Path) -> Check:
    """Compare the clock with the file system's, and ask whether it is set by NTP."""
    difference_s = _difference_s(folder)
    if abs(difference_s) > DIFFERENCE_S_MAX:
        found = f"the file system of {folder} is {difference_s:+.1f} s off"
        return Check("Clock", "warn", found, "set both clocks by the same NTP servers")
    synchronised = _synchronised_by_ntp()
    if synchronised is None:
        return Check("Clock", "ok", f"{time.strftime('%H:%M:%S %Z')}; whether NTP sets it is not known")
    if not synchronised:
        return Check("Clock", "warn", "is not set by NTP", "timedatectl set-ntp true")
    return Check("Clock", "ok", "is set by NTP")


def _difference_s(folder: Path) -> float:
    try:
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(b"?")
            file.flush()
            return os.fstat(file.fileno()).st_mtime - time.time()
    except OSError:
        # that nothing can be written there is another check's finding
        return 0.0


def _synchronised_by_ntp() -> bool | None:
    timedatectl = shutil.which("timedatectl")
    if timedatectl is None:
        return None
    try:
        answer = subprocess.run(  # noqa: S603 - a program of the system, no input
            [timedatectl, "show", "--property=NTPSynchronized", "--value"],
            capture_output=True,
            text=True,
            timeout=5,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return None
    return {"yes": True, "no": False}.get(answer.stdout.strip())
