"""Does what was asked to be erased, step by step, so that a kill at any moment is made good by going on."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from datetime import UTC, datetime

import structlog
from clickhouse_connect.driver.exceptions import ClickHouseError
from prometheus_client import Counter
from sqlalchemy import Engine

from analytics.erasures.ledger import ErasureLedger, Unfinished
from analytics.findings.forget_traces import count_about, forget_traces
from analytics.state.checkpoint import checkpoint
from collector.deletion.eraser import Eraser
from collector.deletion.settled import newest_now, waiting_up_to
from collector.errors import DamagedStore
from collector.journal.segment import Folders

log = structlog.get_logger(__name__)
_DONE = Counter("doldrums_core_erasures_done", "Erasures that were done and proven")
_FAILED = Counter("doldrums_core_erasures_failed", "Attempts at an erasure that failed, to be repeated")


class Erasing:
    """Advances every erasure that is not done.

    Parameters
    ----------
    alone
        What keeps loading, replaying and assembling away.
    on_damage
        Told what proves the store damaged: only a new process may go on.
    """

    def __init__(
        self,
        ledger: ErasureLedger,
        eraser: Eraser,
        state: Engine,
        folders: Folders,
        alone: Callable[[], AbstractContextManager[object]],
        on_damage: Callable[[BaseException], None],
    ) -> None:
        self._ledger = ledger
        self._eraser = eraser
        self._state = state
        self._folders = folders
        self._alone = alone
        self._on_damage = on_damage
        self._until: dict[str, str] = {}
        # whose it was may still stand in SQLite's log, of the process before too
        self._names_left = True

    def advance(self) -> None:
        """Do of each as much as can be done now; one that fails keeps no other from it."""
        if self._names_left:
            self._names_left = not checkpoint(self._state)
        for erasure in self._ledger.unfinished():
            try:
                self._advance(erasure)
            except DamagedStore as error:
                self._on_damage(error)
                return
            except (ClickHouseError, OSError) as error:
                _FAILED.inc()
                log.warning(
                    "erasure_failed", erasure=erasure.id, error=str(error)[:500], action="will try again"
                )

    def _advance(self, erasure: Unfinished) -> None:
        if erasure.deleted is None:
            self._delete(erasure)
        elif not self._eraser.lingering(erasure.deleted):
            self._prove(erasure)

    def _delete(self, erasure: Unfinished) -> None:
        until = self._until.setdefault(erasure.id, newest_now(self._folders))
        if waiting_up_to(self._folders, until):
            return  # what was acknowledged before is loaded first
        with self._alone():
            if waiting_up_to(self._folders, until):
                return  # a replay has begun
            self._delete_alone(erasure, until)
        del self._until[erasure.id]

    def _delete_alone(self, erasure: Unfinished, until: str) -> None:
        subject = erasure.subject
        traces = self._eraser.find(erasure.id, subject, until)
        found = {**self._eraser.count(erasure.id, subject.project), "traces": len(traces)}
        counts = _largest(erasure.counts, found)
        self._ledger.running(erasure.id, counts)
        pieces = self._eraser.delete(erasure.id, subject, until)
        gone = forget_traces(self._state, subject.project, traces)
        counts = _largest(counts, {**gone, "quarantined": pieces})
        self._ledger.deleted(erasure.id, counts, datetime.now(UTC))
        log.info("erasure_deleted", erasure=erasure.id, project=subject.project, **counts)

    def _prove(self, erasure: Unfinished) -> None:
        """Look once more: what arrived in those traces meanwhile is deleted too."""
        project = erasure.subject.project
        traces = self._eraser.noted(erasure.id)
        proof = {
            **self._eraser.count(erasure.id, project),
            "findings": count_about(self._state, project, traces),
        }
        if any(proof.values()):
            self._ledger.running(erasure.id, erasure.counts)
        elif checkpoint(self._state):
            self._ledger.done(erasure.id, proof, datetime.now(UTC))
            self._names_left = not checkpoint(self._state)
            _DONE.inc()
            log.info("erasure_done", erasure=erasure.id, project=project, **erasure.counts)


def _largest(before: Mapping[str, int], now: Mapping[str, int]) -> dict[str, int]:
    """What was found first counts: after a kill some of it is gone."""
    return {name: max(before.get(name, 0), now.get(name, 0)) for name in {**before, **now}}
