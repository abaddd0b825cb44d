"""Writing to disk so that it is there after a power cut."""

import os
from pathlib import Path


def write_all(descriptor: int, data: bytes) -> None:
    """Write every byte: write(2) may take fewer than it is given."""
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(descriptor, rest) :]


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable."""
    _sync(folder, os.O_RDONLY | os.O_DIRECTORY)


def sync_file(path: Path) -> None:
    """Make the bytes of a file durable that somebody else wrote and closed."""
    _sync(path, os.O_RDONLY)


def _sync(path: Path, flags: int) -> None:
    descriptor = os.open(path, flags)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def write_file(path: Path, data: bytes) -> None:
    """Write a file anew, for the service's user alone; its folder is the caller's to sync."""
    descriptor = os.open(path, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600)
    try:
        write_all(descriptor, data)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def replace_file(path: Path, data: bytes) -> None:
    """Write a file in place of what is there: a reader sees the old one or the new one, whole."""
    unfinished = path.with_suffix(".unfinished")
    write_file(unfinished, data)
    unfinished.rename(path)


def move(source: Path, target: Path) -> None:
    """Rename across folders, durably; `target` is replaced."""
    source.rename(target)
    sync_folder(target.parent)
    sync_folder(source.parent)
