"""Does what was asked to be erased, step by step, so that a kill at any moment is made good by going on."""

import time
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
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
_PAUSE_S, _PAUSE_S_MAX = 5.0, 300.0
_DONE = Counter("doldrums_core_erasures_done", "Erasures that were done and proven")
_FAILED = Counter("doldrums_core_erasures_failed", "Attempts at an erasure that failed, to be repeated")


@dataclass(frozen=True)
class _Failures:
    """How often one failed in a row, and when to try again."""

    count: int = 0
    again_s: float = 0.0

    def one_more(self) -> "_Failures":
        pause_s = min(_PAUSE_S * 2**self.count, _PAUSE_S_MAX)
        return _Failures(self.count + 1, time.monotonic() + pause_s)


class Erasing:
    """Advances every erasure that is not done.

    Parameters
    ----------
    alone
        What keeps loading, replaying and assembling away.
    on_damage
        Told what proves the store damaged: only a new process may go on.
    compared
        Whether a start has loaded again what the store had lost: what it restores may be the subject's.
    unreplayed
        What keeps replaying away, which the archive alone needs.
    """

    def __init__(
        self,
        ledger: ErasureLedger,
        eraser: Eraser,
        state: Engine,
        folders: Folders,
        alone: Callable[[], AbstractContextManager[object]],
        on_damage: Callable[[BaseException], None],
        compared: Callable[[], bool],
        unreplayed: Callable[[], AbstractContextManager[object]],
    ) -> None:
        self._ledger = ledger
        self._eraser = eraser
        self._state = state
        self._folders = folders
        self._alone = alone
        self._on_damage = on_damage
        self._compared = compared
        self._unreplayed = unreplayed
        self._until: dict[str, str] = {}
        self._failures: dict[str, _Failures] = {}
        # whose it was may still stand in SQLite's log, of the process before too
        self._names_left = True

    def advance(self) -> None:
        """Do of each as much as can be done now; one that fails keeps no other from it."""
        if self._names_left:
            self._names_left = not checkpoint(self._state)
        if not self._compared():
            return
        for erasure in self._ledger.unfinished():
            failures = self._failures.get(erasure.id, _Failures())
            if time.monotonic() < failures.again_s:
                continue
            try:
                self._advance(erasure)
            except DamagedStore as error:
                self._on_damage(error)
                return
            except Exception as error:
                _FAILED.inc()
                self._failures[erasure.id] = failures.one_more()
                log.warning(
                    "erasure_failed",
                    erasure=erasure.id,
                    error=str(error)[:500],
                    action="will try again",
                    exc_info=not isinstance(error, (ClickHouseError, OSError)),
                )
            else:
                self._failures.pop(erasure.id, None)

    def _advance(self, erasure: Unfinished) -> None:
        if erasure.deleted is None:
            self._delete(erasure)
        elif not self._eraser.lingering(erasure.deleted):
            self._prove(erasure)

    def _delete(self, erasure: Unfinished) -> None:
        until = self._until.setdefault(erasure.id, newest_now(self._folders))
        if waiting_up_to(self._folders, until):
            return  # what was acknowledged before is loaded first
        self._delete_copies(erasure, until)
        with self._alone():
            if waiting_up_to(self._folders, until):
                return  # a replay has begun
            self._delete_alone(erasure, until)
        del self._until[erasure.id]

    def _delete_copies(self, erasure: Unfinished, until: str) -> None:
        """Write the archive anew while loading and detectors go on: it may take minutes."""
        subject = erasure.subject
        with self._unreplayed():
            traces = self._eraser.find(erasure.id, subject, until)
            log.info("erasure_began", erasure=erasure.id, project=subject.project, traces=len(traces))
            self._eraser.delete_copies(erasure.id, subject, until)

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
        if not checkpoint(self._state):
            return  # somebody reads the state database: counting can wait for it
        project = erasure.subject.project
        traces = self._eraser.noted(erasure.id)
        proof = {
            **self._eraser.count(erasure.id, project),
            "findings": count_about(self._state, project, traces),
        }
        if any(proof.values()):
            self._ledger.running(erasure.id, erasure.counts)
        else:
            self._ledger.done(erasure.id, proof, datetime.now(UTC))
            self._names_left = not checkpoint(self._state)
            _DONE.inc()
            log.info("erasure_done", erasure=erasure.id, project=project, **erasure.counts)


def _largest(before: Mapping[str, int], now: Mapping[str, int]) -> dict[str, int]:
    """What was found first counts: after a kill some of it is gone."""
    return {name: max(before.get(name, 0), now.get(name, 0)) for name in {**before, **now}}
