"""The thread that looks after the archive: what the store lost is loaded again, then the oldest goes."""

import os
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import structlog
from clickhouse_connect.driver.exceptions import ClickHouseError

from collector.errors import DamagedStore
from collector.journal.segment import Folders
from collector.loader.archive import Archive, archived_files
from collector.loader.merged_parts import MergedParts
from collector.loader.replay import Replay

log = structlog.get_logger(__name__)

_EVERY_S = 60.0
# Compressing takes only the time that loading and receiving leave over.
_NICENESS = 19
# What was loaded longer ago may be missing by rights, once spans are deleted by their age.
_RESTORED_S_MAX = 24 * 3600.0


class Keeper:
    """Compares the archive with the store once, then keeps it within its bounds.

    Nothing is deleted before that comparison: what an earlier process verified may have gone with
    the power, and then the archive is the only copy. Each time what merges wrote is looked at.

    Parameters
    ----------
    on_damage
        Told what proves the store damaged: only a new process may go on.

    Attributes
    ----------
    compared
        Whether the comparison is over: what it has to load again is in the store.
    """

    def __init__(
        self,
        archive: Archive,
        replay: Replay,
        merged_parts: MergedParts,
        folders: Folders,
        on_damage: Callable[[BaseException], None],
    ) -> None:
        self._archive = archive
        self._replay = replay
        self._merged_parts = merged_parts
        self._folders = folders
        self._on_damage = on_damage
        self.compared = False
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._keep, name="archive", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self, timeout_s: float) -> None:
        """End after the file at work."""
        self._stopping.set()
        self._thread.join(timeout_s)

    def _keep(self) -> None:
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _NICENESS)
        while not self._stopping.is_set():
            # each by itself: a full disk takes no pack, and that is when the others matter
            for work in (self._merged_parts.look, self._archive.pack, self._compare_once, self._purge):
                self._try(work)
            self._stopping.wait(_EVERY_S)

    def _try(self, work: Callable[[], None]) -> None:
        try:
            work()
        except DamagedStore as error:
            self._stopping.set()
            self._on_damage(error)
        except (ClickHouseError, OSError) as error:
            log.warning("archive_not_kept", error=str(error)[:500], action="will try again")
        except Exception:
            log.exception("archive_not_kept", action="will try again")

    def _compare_once(self) -> None:
        if not self.compared:
            self._compare()
            self.compared = not self._stopping.is_set()

    def _purge(self) -> None:
        if self.compared:
            self._archive.purge()

    def _compare(self) -> None:
        """Load what was loaded before this process began and is not in the store."""
        self._replay.resume()
        compared: set[Path] = set()
        while not self._compare_listed(archived_files(self._folders.archive), compared):
            log.info("archive_listed_again", reason="a pack was written anew meanwhile")

    def _compare_listed(self, files: Sequence[Path], compared: set[Path]) -> bool:
        """Compare what was not yet; say whether every file was still there."""
        try:
            self._compare_all(files, compared)
        except FileNotFoundError:
            return False
        return True

    def _compare_all(self, files: Sequence[Path], compared: set[Path]) -> None:
        for file in files:
            if self._stopping.is_set():
                return
            if file not in compared and time.time() - file.stat().st_mtime <= _RESTORED_S_MAX:
                self._compare_file(file)
                compared.add(file)

    def _compare_file(self, file: Path) -> None:
        try:
            outcome = self._replay.archived(file)
        except OSError as error:
            if not file.exists():
                raise
            log.error("archive_not_read", file=file.name, reason=str(error))  # noqa: TRY400 - the disk, not a bug
            return
        if outcome.loaded:
            log.error(
                "lost_spans_restored",
                spans=outcome.loaded,
                file=file.name,
                reason="the store had lost them since they were loaded; the archive had them",
            )
        for sentence in outcome.not_loaded:
            log.error("archive_differs", file=file.name, reason=sentence)
