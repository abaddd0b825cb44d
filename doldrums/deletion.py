"""Composes what deletes: by age, and by whose data it is."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta

import structlog
from sqlalchemy import Engine

from analytics.erasures.ledger import ErasureLedger
from analytics.erasures.work import Erasing
from analytics.series.sketched import first_sketched
from analytics.watch import Watch
from collector.deletion.eraser import Eraser
from collector.deletion.kept import Kept
from collector.deletion.retention import Retention
from collector.errors import DamagedStore
from collector.journal.segment import Folders
from collector.loader.archive import Archive
from collector.loader.gate import Gate
from collector.loader.replay import Replay
from collector.store.store import Store
from doldrums.periodic import Periodic
from doldrums.settings import Settings

log = structlog.get_logger(__name__)

_RETENTION_EVERY_S = 3600.0
_ERASURES_EVERY_S = 2.0


def kept_days(settings: Settings) -> Kept:
    """Return for how many days each project keeps what it sent."""
    return Kept(settings.retention_d, settings.retention_d_of_projects)


class Deletion:
    """Deletes, while nothing is loaded, replayed or assembled.

    Attributes
    ----------
    retention
        What is deleted by its age.
    eraser
        Counts what would be erased.
    erasures
        What was asked to be erased.
    """

    def __init__(
        self,
        settings: Settings,
        store: Store,
        state: Engine,
        archive: Archive,
        replay: Replay,
        watch: Watch,
        gate: Gate,
        on_damage: Callable[[BaseException], None],
        compared: Callable[[], bool],
    ) -> None:
        folders = Folders(settings.data_dir)
        self._settings = settings
        self._on_damage = on_damage
        self._replay = replay
        self._watch = watch
        self._gate = gate
        self._kept = kept_days(settings)
        self.retention = Retention(store, folders, archive, self._kept)
        self.eraser = Eraser(store, folders, archive)
        self.erasures = ErasureLedger(state)
        erasing = Erasing(
            self.erasures, self.eraser, state, folders, self._alone, on_damage, compared, replay.paused
        )
        self._periodic = (
            Periodic("retention", self._expire, _RETENTION_EVERY_S),
            Periodic("erasures", erasing.advance, _ERASURES_EVERY_S),
        )

    def start(self) -> None:
        """Begin."""
        log.info("retention", days=self._settings.retention_d, of=self._settings.retention_d_of_projects)
        for periodic in self._periodic:
            periodic.start()

    def stop(self) -> None:
        """Begin nothing more; what is at work then is done again by the next start."""
        for periodic in self._periodic:
            periodic.stop(timeout_s=0)

    def first_sketched(self, project: str) -> date:
        """Return the first day of which sketches of what a project's agents say are kept."""
        today = datetime.now(UTC).date()
        return first_sketched(self._kept.first_day(project, today), today)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Keep loading, replaying and assembling away."""
        # a replay loads, and who assembles waits for nobody: in this order none waits for another
        with self._replay.paused(), self._watch.paused(), self._gate.closed():
            yield

    def _expire(self) -> None:
        now = datetime.now(UTC)
        try:
            if self.retention.due(now):
                with self._alone():
                    self.retention.run(now)
            hours = self._settings.archive_age_h_max
            kept = timedelta(days=self._settings.history_age_d_max) + timedelta(hours=hours)
            self.retention.forget_erased(now - kept)
        except DamagedStore as error:
            self._on_damage(error)
