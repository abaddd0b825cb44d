"""What a read costs, with cold caches and warm ones: time, and what the engine read for it."""

import os
import resource
import statistics
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from collector.store.statement import statement
from collector.store.store import Store

# The engine's own, and beneath them the pages of the store's files.
_CACHES = ("MARK", "INDEX MARK", "UNCOMPRESSED", "INDEX UNCOMPRESSED", "QUERY CONDITION")


@dataclass(frozen=True)
class Cost:
    """Medians of several reads of a kind, and the shortest; all but `cold_ms` with warm caches."""

    cold_ms: float
    ms: float
    ms_min: float
    cpu_ms: float
    rows: int
    bytes: int

    def __str__(self) -> str:
        times = (f"{ms:.0f}" for ms in (self.cold_ms, self.ms, self.ms_min, self.cpu_ms))
        return " | ".join((*times, f"{self.rows:,}", f"{self.bytes / 1e6:,.1f}"))


HEAD = "cold, ms | warm, ms | shortest, ms | CPU, ms | rows read | MB read"


def cost(store: Store, folder: Path, reads: Iterable[Callable[[], object]], cold: int = 3) -> Cost:
    """Run every read, the first `cold` of them each with all caches dropped."""
    every = list(reads)
    cold_ms = [_run(store, read, folder)[0] for read in every[:cold]]
    warm = [_run(store, read) for read in every]
    ms, cpu_ms, rows, size = (list(column) for column in zip(*warm, strict=True))
    return Cost(
        statistics.median(cold_ms),
        statistics.median(ms),
        min(ms),
        statistics.median(cpu_ms),
        int(statistics.median(rows)),
        int(statistics.median(size)),
    )


def _run(store: Store, read: Callable[[], object], drop: Path | None = None) -> tuple[float, float, int, int]:
    if drop:
        forget(store, drop)
    rows, size = _read_so_far(store)
    begun_s, used_s = time.monotonic(), cpu_s()
    read()
    spent_ms, used_ms = (time.monotonic() - begun_s) * 1e3, (cpu_s() - used_s) * 1e3
    rows_after, size_after = _read_so_far(store)
    return spent_ms, used_ms, rows_after - rows, size_after - size


def _read_so_far(store: Store) -> tuple[int, int]:
    events = {row["event"]: row["value"] for row in store.query(statement(__package__, "read_so_far.sql"))}
    return events.get("SelectedRows", 0), events.get("SelectedBytes", 0)


def cpu_s() -> float:
    """CPU time of this process, the engine's threads with it."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def forget(store: Store, folder: Path) -> None:
    """Drop what is cached of a store, by the engine and by the kernel, and nothing of other processes."""
    for cache in _CACHES:
        store.command(f"SYSTEM DROP {cache} CACHE")
    for path, _, files in os.walk(folder):
        for name in files:
            _forget_file(f"{path}/{name}")


def _forget_file(path: str) -> None:
    try:
        file = os.open(path, os.O_RDONLY)
    except FileNotFoundError:
        return
    try:
        os.fdatasync(file)  # what is not on disk yet would stay
        os.posix_fadvise(file, 0, 0, os.POSIX_FADV_DONTNEED)
    finally:
        os.close(file)


def yardstick_ms(store: Store) -> float:
    """Milliseconds of a work that is the same whatever is stored; the least of three."""

    def once() -> float:
        begun = time.monotonic()
        store.query("SELECT sum(sipHash64(number)) FROM numbers_mt(50000000)")
        return (time.monotonic() - begun) * 1e3

    return min(once() for _ in range(3))
