"""The watch: assembles what arrived, lets every detector look, keeps baselines current."""

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import structlog

from analytics.assembly.assembler import Assembler
from analytics.baselines.baseline import Baselines
from analytics.detectors.detector import Detector, Window
from analytics.detectors.verdict import Verdict
from analytics.findings.ledger import FindingLedger
from collector.store.store import Store

log = structlog.get_logger(__name__)

ASSEMBLE_EVERY_S = 0.5
LOOK_EVERY_S = 2.0
# Baselines are counted anew this often, and never for more than 5 % of the time.
LEARN_EVERY_S = 10.0
_LEARNING_SHARE = 0.05
# Passes before a look is put off: a backlog must not keep the detectors from being told to wait.
_PASSES_MAX = 20


@dataclass(frozen=True)
class Look:
    """The last look of one detector."""

    at: datetime
    elapsed_s: float
    partial: bool


class Watch:
    """One thread that follows the loader.

    Parameters
    ----------
    reached
        Everything received before this time is loaded, but what the store refuses for long: the
        beginning of the oldest segment that is not, or now. A detector that took the clock instead
        would call open what ended long ago and only waits to be loaded.
    """

    def __init__(
        self,
        store: Store,
        ledger: FindingLedger,
        detectors: Sequence[Detector],
        reached: Callable[[], datetime],
    ) -> None:
        self._store = store
        self._ledger = ledger
        self._detectors = detectors
        self._reached = reached
        self._assembler = Assembler(store)
        self._baselines = Baselines(store)
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="watch", daemon=True)
        self._touched: set[datetime] = set()
        self._looked_s = dict.fromkeys(self.detector_names, time.monotonic())
        self._due_look_s = self._due_learning_s = 0.0
        self.verdicts: Sequence[Verdict] = ()
        self.looks: dict[str, Look] = {}

    @property
    def detector_names(self) -> list[str]:
        """Names of the detectors that look."""
        return [detector.name for detector in self._detectors]

    @property
    def silent_s(self) -> float:
        """Seconds since the detector that looked longest ago did, or since the start."""
        now_s = time.monotonic()
        return now_s - min(self._looked_s.values(), default=now_s)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self, timeout_s: float) -> None:
        """End after the pass at work."""
        self._stopping.set()
        self._thread.join(timeout_s)

    def _run(self) -> None:
        while not self._stopping.wait(ASSEMBLE_EVERY_S):
            try:
                self._pass()
            except Exception:
                # A pass is repeated whole; what it leaves half done the next one does again.
                log.exception("watch_pass_failed", action="will try again")

    def _pass(self) -> None:
        reached = self._reached()
        caught_up = self._assemble()
        if self._stopping.is_set():
            return
        now_s = time.monotonic()
        if now_s >= self._due_learning_s:
            self._learn_or_log()
            elapsed_s = time.monotonic() - now_s
            self._due_learning_s = now_s + max(LEARN_EVERY_S, elapsed_s / _LEARNING_SHARE)
        if caught_up and now_s >= self._due_look_s:
            self._due_look_s = now_s + LOOK_EVERY_S
            for detector in self._detectors:
                self._look_or_log(detector, reached)

    def _learn_or_log(self) -> None:
        try:
            self._learn()
        except Exception:
            log.exception("baselines_not_refreshed", action="limits stay as they are; will try again")

    def _look_or_log(self, detector: Detector, reached: datetime) -> None:
        try:
            self._look(detector, reached)
            self._looked_s[detector.name] = time.monotonic()
        except Exception:
            log.exception("look_failed", detector=detector.name, action="will look again")

    def _learn(self) -> None:
        self._touched |= self._assembler.take_ends()
        self._baselines.refresh(datetime.now(UTC), self._touched)
        self._touched = set()
        self._assembler.keep_place()

    def _assemble(self) -> bool:
        for _ in range(_PASSES_MAX):
            if self._stopping.is_set():
                return False
            if self._assembler.run_once() == 0:
                return True
        return False

    def _look(self, detector: Detector, reached: datetime) -> None:
        started = time.monotonic()
        open_before = self._ledger.open(detector.name)
        watched = frozenset((finding.project, finding.fingerprint) for finding in open_before)
        window = Window(reached, watched, self._assembler.waiting)
        rows = self._store.query(detector.sql, detector.parameters(window))
        outcome = detector.detect(rows, window, self._baselines)
        self._ledger.reconcile(detector.name, outcome.findings, datetime.now(UTC), outcome.resolutions)
        self.verdicts = outcome.verdicts
        self._note(detector.name, Look(datetime.now(UTC), time.monotonic() - started, outcome.partial))

    def _note(self, name: str, look: Look) -> None:
        before = self.looks.get(name)
        if look.partial and not (before and before.partial):
            log.warning("look_partial", detector=name, safe="what was found before is still looked at")
        self.looks[name] = look
