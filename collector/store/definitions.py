"""Definitions: what the engine wrote down of each table, kept apart while a migration changes it.

chDB answers OK to statements whose writes failed: an `ALTER` on a full disk leaves an empty file, and no
process can open the folder any more (`tests/faults/test_02_syscalls.py`). So the files are copied before a
statement and after it, and looked at. A damaged one is replaced by its copy: a rename, which takes no room.
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from collector.errors import StoreUnavailable

_COPIES = "definitions"
_FORMAT = b"1"


class Definitions:
    """The files of a store's folder that say what its tables are.

    Parameters
    ----------
    folder
        Of the store, whether or not it is open.
    database
        Whose tables they are.
    """

    def __init__(self, folder: Path, database: str) -> None:
        self._folder = folder / "metadata" / database
        self._tables = folder / "store"
        self._copies = folder / _COPIES

    @contextmanager
    def kept(self) -> Iterator[None]:
        """Keep copies while something is changed, and take back what could not be written.

        Raises
        ------
        StoreUnavailable
            There was no room for the copies, or something was taken back: the next start tries again.
        """
        self._keep()
        try:
            yield
        finally:
            self._check()
        self._keep()

    def mend(self) -> list[str]:
        """Take back what could not be written, and return the names of those tables."""
        for file in self._formats():
            if not file.stat().st_size:
                file.write_bytes(_FORMAT)
        # without copies it was not an upgrade that did it: the engine says what is wrong
        files = self._files() if self._copies.is_dir() else ()
        damaged = [file for file in files if not file.read_bytes().endswith(b"\n")]
        for file in damaged:
            self._take_back(file)
        return [file.stem for file in damaged]

    def _keep(self) -> None:
        try:
            self._copies.mkdir(mode=0o700, exist_ok=True)
            for file in self._files():
                _copy(file, self._copies / file.name)
        except OSError as error:
            raise StoreUnavailable(
                f"The store is not upgraded, and as it was: {self._copies} cannot be written:"
                f" {error.strerror}."
            ) from error

    def _check(self) -> None:
        if damaged := self.mend():
            raise StoreUnavailable(
                f"Upgrading the store failed: {', '.join(damaged)} could not be written. Most often the"
                " disk is full. Nothing is lost; the next start tries again."
            )

    def _formats(self) -> Iterator[Path]:
        """Yield what says in which form a table's parts are: without it, too, nothing is opened."""
        yield from self._tables.glob("*/*/format_version.txt")

    def _files(self) -> Iterator[Path]:
        yield from sorted(self._folder.glob("*.sql"))

    def _take_back(self, file: Path) -> None:
        copy, aside = self._copies / file.name, self._copies / f"{file.name}.damaged"
        if copy.exists():
            aside.unlink(missing_ok=True)
            try:
                _copy(copy, aside)
            except OSError:
                os.link(copy, aside)  # a name takes no room on a full disk
            aside.replace(file)
        else:  # it was to be a new table
            file.replace(aside)


def _copy(file: Path, copy: Path) -> None:
    text = file.read_bytes()
    if copy.exists() and copy.read_bytes() == text:
        return
    part = copy.with_suffix(".part")
    with part.open("wb") as written:
        written.write(text)
        written.flush()
        os.fsync(written.fileno())
    shutil.copymode(file, part)
    part.replace(copy)
