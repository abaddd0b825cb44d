"""The data folder and its disk."""

import shutil
from pathlib import Path

from doldrums.data_folder import bytes_short, is_demo, probe, refusal
from doldrums.doctor.check import Check
from doldrums.settings import GIB, Settings

OTHERS_MAY = 0o077


def check_folder(settings: Settings) -> Check:
    """Look whether the folder can be written, and by this user alone."""
    folder = settings.data_dir
    standing = nearest_folder(folder)
    try:
        probe(standing)
    except OSError as error:
        return Check("Data folder", "fail", str(refusal(folder, error)))
    if standing != folder:
        return Check("Data folder", "ok", f"{folder} does not exist yet", "the first start makes it")
    if folder.stat().st_mode & OTHERS_MAY:
        return Check("Data folder", "warn", f"{folder} is open to other users", f"chmod 700 {folder}")
    return Check("Data folder", "ok", f"{folder}{', demo data' if is_demo(folder) else ''}")


def check_disk(settings: Settings) -> Check:
    """Look whether the disk has more room than the floor."""
    place = nearest_folder(settings.data_dir)
    short = bytes_short(place, settings.free_bytes_min, settings.free_ratio_min)
    free = f"{shutil.disk_usage(place).free / GIB:.1f} GiB are free"
    if not short:
        return Check("Disk", "ok", free)
    return Check(
        "Disk",
        "fail",
        f"{free}, {short / GIB:.1f} GiB too little: spans are refused with 503",
        "make room, or lower free_bytes_min and free_ratio_min",
    )


def nearest_folder(folder: Path) -> Path:
    """Return the folder, or the one in which it will be made."""
    return next(place for place in (folder, *folder.parents) if place.exists())
