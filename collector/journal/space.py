"""How much disk the journal may still take."""

import math
import os
import shutil
from pathlib import Path

from collector.journal.segment import Folders

# A full disk is not emptied in a second.
RETRY_AFTER_S = 10


class Space:
    """Compares the disk and the journal with their bounds.

    Parameters
    ----------
    journal_bytes_max
        Bytes that open and sealed segments and the quarantine may take together: what is acknowledged
        and not stored.
    free_bytes_min, free_ratio_min
        The larger of the two stays free: bytes, and a part of the disk. It is the room that the
        store needs to finish what it writes.
    """

    def __init__(
        self, folders: Folders, journal_bytes_max: int, free_bytes_min: int, free_ratio_min: float
    ) -> None:
        self._folders = folders
        self._journal_bytes_max = journal_bytes_max
        self._free_bytes_min = free_bytes_min
        self._free_ratio_min = free_ratio_min
        self.journal_bytes = 0
        self._quarantine_bytes, self._quarantine_changed_ns = 0, 0
        self.journal_since_s = math.inf
        self.refusal: str | None = None
        self.look()

    def look(self) -> None:
        """Measure; afterwards `refusal` says why nothing can be taken, or is None."""
        folders = (self._folders.open, self._folders.sealed)
        try:
            held = [_held_in(folder) for folder in folders]
            self._look_at_quarantine()
            disk = shutil.disk_usage(self._folders.open)
        except OSError as error:
            self.refusal = f"the journal's folder cannot be read: {error}"
            return
        self.journal_bytes = sum(size for size, _ in held)
        self.journal_since_s = min(oldest_s for _, oldest_s in held)
        free_min = max(self._free_bytes_min, int(self._free_ratio_min * disk.total))
        read_only = [str(folder) for folder in folders if not os.access(folder, os.W_OK | os.X_OK)]
        if read_only:
            self.refusal = f"the journal cannot be written: {' and '.join(read_only)} is read-only"
        elif disk.free < free_min:
            self.refusal = f"{disk.free} bytes of disk are free, {free_min} have to stay"
        elif self.journal_bytes + self._quarantine_bytes > self._journal_bytes_max:
            self.refusal = (
                f"the journal holds {self.journal_bytes} bytes and the quarantine {self._quarantine_bytes}, "
                f"and together they may {self._journal_bytes_max}"
            )
        else:
            self.refusal = None

    def _look_at_quarantine(self) -> None:
        """It changes seldom, and many small pieces are long to measure."""
        changed_ns = self._folders.quarantine.stat().st_mtime_ns
        if changed_ns != self._quarantine_changed_ns:
            self._quarantine_bytes, _ = _held_in(self._folders.quarantine)
            self._quarantine_changed_ns = changed_ns


def _held_in(folder: Path) -> tuple[int, float]:
    """Return the bytes in a folder, and when the oldest file was last written."""
    total, oldest_s = 0, math.inf
    with os.scandir(folder) as entries:
        for entry in entries:
            try:
                status = entry.stat()
            except FileNotFoundError:
                # sealed or loaded since it was listed
                continue
            total += status.st_size
            oldest_s = min(oldest_s, status.st_mtime)
    return total, oldest_s
