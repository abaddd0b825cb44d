"""Loaded segments are kept a while, to be replayed if the store is lost; then they go, the oldest first."""

import time
from pathlib import Path


def purge(archive: Path, *, bytes_max: int, age_s_max: float) -> int:
    """Delete what is over the size or the age, and return the number of files deleted.

    Parameters
    ----------
    archive
        Folder of loaded segments; names sort by the time they were begun.
    age_s_max
        Seconds since a segment was loaded: the loader sets the file's time then.
    """
    files = [(path, path.stat()) for path in sorted(archive.iterdir(), reverse=True)]
    kept_bytes, deleted = 0, 0
    for path, status in files:
        kept_bytes += status.st_size
        if kept_bytes > bytes_max or time.time() - status.st_mtime > age_s_max:
            path.unlink()
            deleted += 1
    return deleted
