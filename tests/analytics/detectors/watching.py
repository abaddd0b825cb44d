"""A detector that looks at what was loaded, as the watch lets it."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from analytics.assembly.assembler import Assembler
from analytics.baselines.learned_limits import LearnedLimits
from analytics.detectors.detector import Detector, Outcome, Window
from analytics.detectors.source import Source
from analytics.findings.judgement import Key
from analytics.inferred.reader import UnfinishedTraces
from collector.journal.segment import Folders
from collector.store.store import Store
from tests.analytics.baselines.durations import limits
from tests.segments import loader_of, seal


class Watching:
    """Loads requests, and looks after a while."""

    def __init__(self, store: Store, folder: Path, detector: Detector) -> None:
        self._store = store
        self._detector = detector
        self._folders = Folders(folder)
        self._folders.create()
        self._loader = loader_of(store, self._folders)
        self._assembler = Assembler(store)
        self._unfinished = UnfinishedTraces(store)

    def load(self, *bodies: bytes, project: str = "default") -> None:
        self._loader.load([seal(self._folders, bodies, project=project)])
        while self._assembler.run_once():
            pass

    def look(
        self,
        *,
        after_s: float,
        learned: LearnedLimits | None = None,
        watched: Iterable[Key] = (),
        silent: Iterable[Source] = (),
    ) -> Outcome:
        now = datetime.now(UTC) + timedelta(seconds=after_s)
        window = Window(
            now, frozenset(watched), silent=frozenset(silent), unfinished=self._unfinished.read(now)
        )
        return self._detector.detect(self._rows(window), window, learned or limits())

    def rows(self, *, after_s: float) -> list[dict[str, Any]]:
        """Return what the detector's statement selects."""
        now = datetime.now(UTC) + timedelta(seconds=after_s)
        return self._rows(Window(now, unfinished=self._unfinished.read(now)))

    def _rows(self, window: Window) -> list[dict[str, Any]]:
        return self._store.query(self._detector.sql, self._detector.parameters(window))
