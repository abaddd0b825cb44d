"""Threads that load what is sealed, oldest first, as long as the process lives."""

import threading
import time
from collections.abc import Callable, Sequence

import structlog
from clickhouse_connect.driver.exceptions import ClickHouseError
from opentelemetry import trace
from prometheus_client import Counter, Histogram

from collector.journal.segment import Folders, Segment, segments
from collector.loader.batch import next_batch
from collector.loader.loader import Loader
from collector.loader.progress import Progress
from collector.loader.refusals import Refusals

log = structlog.get_logger(__name__)
_tracer = trace.get_tracer(__name__)
_LOAD_S = Histogram(
    "doldrums_core_load_seconds",
    "Time to insert, count and verify segments that are loaded together",
    buckets=(0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60),
)
_REFUSED = Counter(
    "doldrums_core_loads_refused", "Loads that the engine or the disk refused, to be tried again"
)

_POLL_S = 0.05
_BACKOFF_S_MAX = 30.0
# An insert costs 0.1 s of a core however few its spans are, and a quiet service seals four
# segments a second: they are loaded together, twice a second.
_FEW_SPANS = 5_000
_FEW_EVERY_S = 0.5


class LoadingWorkers:
    """Load sealed segments in `threads` parallel threads.

    A refusal that is not the data's fault, or an error of the disk, is retried for ever with
    back-off, and others are loaded meanwhile: nothing that was acknowledged is given up. Damage
    stops the process through `on_damage`.

    Attributes
    ----------
    progress
        How far they have come.
    """

    def __init__(
        self,
        loader: Loader,
        folders: Folders,
        on_damage: Callable[[BaseException], None],
        threads: int = 2,
    ) -> None:
        self._loader = loader
        self._folders = folders
        self._on_damage = on_damage
        self._due_few_s = 0.0
        self._stopping = threading.Event()
        self._taken: set[str] = set()
        self._refusals = Refusals()
        self.progress = Progress(folders, self._refusals.left_behind)
        self._lock = threading.Lock()
        self._threads = [
            threading.Thread(target=self._work, name=f"load-{number}", daemon=True)
            for number in range(threads)
        ]

    def start(self) -> None:
        """Begin."""
        for thread in self._threads:
            thread.start()

    def stop(self, timeout_s: float) -> None:
        """Finish the segments at work; what is still sealed is loaded at the next start."""
        self._stopping.set()
        deadline = time.monotonic() + timeout_s
        for thread in self._threads:
            thread.join(max(0.0, deadline - time.monotonic()))

    def drain(self, timeout_s: float) -> bool:
        """Wait until nothing is sealed; say whether that came about."""
        deadline = time.monotonic() + timeout_s
        while segments(self._folders.sealed) and time.monotonic() < deadline:
            if self._stopping.wait(_POLL_S):
                break
        return not segments(self._folders.sealed)

    def _work(self) -> None:
        try:
            self._load_until_stopped()
        except Exception as error:  # noqa: BLE001 a thread that ends unnoticed would load nothing for ever
            self._on_damage(error)

    def _load_until_stopped(self) -> None:
        backoff_s = _POLL_S
        while not self._stopping.is_set():
            batch = self._take()
            if not batch:
                self._stopping.wait(_POLL_S)
                continue
            backoff_s = _POLL_S if self._load(batch) else min(backoff_s * 2, _BACKOFF_S_MAX)
            if backoff_s > _POLL_S:
                self._stopping.wait(backoff_s)

    def _take(self) -> Sequence[Segment]:
        """Take the oldest sealed segments that nobody works on and that do not rest."""
        with self._lock:
            batch = self._refusals.apart(next_batch(self._folders, self._is_busy))
            if not self._is_due(batch):
                return ()
            self._taken.update(segment.file_name for segment in batch)
        return batch

    def _is_due(self, batch: Sequence[Segment]) -> bool:
        """Whether enough waits, or long enough has passed since few spans were taken."""
        now_s = time.monotonic()
        if sum(segment.rows for segment in batch) >= _FEW_SPANS:
            return True
        if now_s < self._due_few_s:
            return False
        if batch:
            self._due_few_s = now_s + _FEW_EVERY_S
        return True

    def _is_busy(self, file_name: str) -> bool:
        return file_name in self._taken or self._refusals.rests(file_name)

    def _load(self, batch: Sequence[Segment]) -> bool:
        started = time.monotonic()
        try:
            with _LOAD_S.time(), _tracer.start_as_current_span("load", attributes=_size(batch)):
                self._loader.load(batch)
        except (ClickHouseError, OSError) as error:
            self._refusals.note(batch)
            _REFUSED.inc()
            log.warning("load_refused", segment=batch[0].id, error=str(error)[:500], action="will try again")
            return False
        except Exception as error:  # noqa: BLE001 damage or a bug: stopping loses nothing, going on might
            self._stopping.set()
            self._on_damage(error)
            return False
        else:
            self._refusals.forget(batch)
            rows, elapsed_s = sum(segment.rows for segment in batch), time.monotonic() - started
            log.debug("segments_loaded", segments=len(batch), rows=rows, elapsed_s=round(elapsed_s, 3))
            return True
        finally:
            with self._lock:
                self._taken.difference_update(segment.file_name for segment in batch)


def _size(batch: Sequence[Segment]) -> dict[str, int]:
    return {"doldrums.segments": len(batch), "doldrums.items": sum(segment.rows for segment in batch)}
