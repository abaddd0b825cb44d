"""The watch: assembles what arrived, lets every detector look, keeps baselines current."""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from time import time_ns

import structlog
from opentelemetry import trace
from prometheus_client import Counter, Histogram

from analytics.assembly.assembler import Assembler
from analytics.baselines.baseline import Baselines
from analytics.detectors.detector import CHANGED_EVERY_S, Detector, Window
from analytics.detectors.source import Source
from analytics.detectors.verdict import Verdict
from analytics.findings.ledger import FindingLedger
from analytics.inferred.reader import UnfinishedTraces
from analytics.inferred.unfinished import Unfinished
from analytics.waits.graph import EMPTY, WaitGraph
from collector.store.store import Store

log = structlog.get_logger(__name__)
_tracer = trace.get_tracer(__name__)
_PASS_S = Histogram(
    "doldrums_core_assembly_pass_seconds",
    "Time of an assembly pass that found something new",
    buckets=(0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30),
)
_ASSEMBLED = Counter("doldrums_core_spans_assembled", "New spans that were assembled into traces")
_LOOK_S = Histogram(
    "doldrums_core_look_seconds",
    "Time of a detector's look",
    ["detector"],
    buckets=(0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)
_LOOKS_FAILED = Counter("doldrums_core_looks_failed", "Looks that failed, to be done again", ["detector"])

ASSEMBLE_EVERY_S = 0.5
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
        self._at_work = threading.Lock()
        self._thread = threading.Thread(target=self._run, name="watch", daemon=True)
        self._touched: set[datetime] = set()
        for name in self.detector_names:
            _LOOKS_FAILED.labels(name)
        self._caught_up_s = time.monotonic()
        self._looked_s = dict.fromkeys(self.detector_names, time.monotonic())
        self._due_look_s = dict.fromkeys(self.detector_names, 0.0)
        self._looked_version = dict.fromkeys(self.detector_names, self._assembler.version)
        self._due_learning_s = 0.0
        self._unfinished_traces = UnfinishedTraces(store)
        self._due_inferring_s = 0.0
        self._unfinished: Sequence[Unfinished] = ()
        self._silent: frozenset[Source] = frozenset()
        self.verdicts: Sequence[Verdict] = ()
        self.waits: WaitGraph = EMPTY
        self.looks: dict[str, Look] = {}

    @property
    def detector_names(self) -> list[str]:
        """Names of the detectors that look."""
        return [detector.name for detector in self._detectors]

    @property
    def silent_s(self) -> float:
        """Seconds by which the look that is due for longest is late."""
        now_s = time.monotonic()
        late_s = (now_s - self._looked_s[each.name] - each.every_s for each in self._detectors)
        return max(0.0, max(late_s, default=0.0))

    @property
    def assembly_lag_s(self) -> float:
        """Seconds since nothing that was stored waited to be assembled, or since the start."""
        return time.monotonic() - self._caught_up_s

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self, timeout_s: float) -> None:
        """End after the pass at work."""
        self._stopping.set()
        self._thread.join(timeout_s)

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Assemble nothing meanwhile and let no detector look: what is read may be deleted."""
        with self._at_work:
            yield

    def _run(self) -> None:
        while not self._stopping.wait(ASSEMBLE_EVERY_S):
            try:
                with self._at_work:
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
        if caught_up:
            if now_s >= self._due_inferring_s:
                self._infer_or_log(reached)
            for detector in self._detectors:
                if now_s >= self._due_look_s[detector.name]:
                    self._due_look_s[detector.name] = now_s + detector.every_s
                    self._look_or_log(detector, reached)

    def _learn_or_log(self) -> None:
        try:
            self._learn()
        except Exception:
            log.exception("baselines_not_refreshed", action="limits stay as they are; will try again")

    def _infer_or_log(self, reached: datetime) -> None:
        began_s = time.monotonic()
        try:
            self._unfinished = self._unfinished_traces.read(reached)
        except Exception:
            log.exception(
                "unfinished_traces_not_read", action="what was inferred before stands; will try again"
            )
        elapsed_s = time.monotonic() - began_s
        self._due_inferring_s = began_s + max(CHANGED_EVERY_S, elapsed_s / _LEARNING_SHARE)

    def _look_or_log(self, detector: Detector, reached: datetime) -> None:
        span = _tracer.start_as_current_span("look", attributes={"doldrums.detector": detector.name})
        try:
            with _LOOK_S.labels(detector.name).time(), span:
                self._look(detector, reached)
            self._looked_s[detector.name] = time.monotonic()
        except Exception:
            _LOOKS_FAILED.labels(detector.name).inc()
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
            if self._assemble_once() == 0:
                self._caught_up_s = time.monotonic()
                return True
        return False

    def _assemble_once(self) -> int:
        # told when it is done: a pass that finds nothing, twice a second, is worth neither
        began_ns = time_ns()
        spans = self._assembler.run_once()
        if spans:
            _PASS_S.observe((time_ns() - began_ns) / 1e9)
            _ASSEMBLED.inc(spans)
            attributes = {"doldrums.spans": spans}
            _tracer.start_span("assemble", start_time=began_ns, attributes=attributes).end()
        return spans

    def _look(self, detector: Detector, reached: datetime) -> None:
        started = time.monotonic()
        open_before = self._ledger.open(detector.name)
        watched = frozenset((finding.project, finding.fingerprint) for finding in open_before)
        version = self._assembler.version
        window = Window(
            reached,
            watched,
            self._assembler.waiting,
            self._looked_version[detector.name],
            self.waits.explained,
            self._silent,
            self._unfinished,
        )
        rows = self._store.query(detector.sql, detector.parameters(window))
        outcome = detector.detect(rows, window, self._baselines)
        self._ledger.reconcile(detector.name, outcome.findings, datetime.now(UTC), outcome.resolutions)
        self._looked_version[detector.name] = version
        if outcome.verdicts is not None:
            self.verdicts = outcome.verdicts
        if outcome.waits is not None:
            self.waits = outcome.waits
        if outcome.silent is not None:
            self._silent = outcome.silent
        self._note(detector.name, Look(datetime.now(UTC), time.monotonic() - started, outcome.partial))

    def _note(self, name: str, look: Look) -> None:
        before = self.looks.get(name)
        if look.partial and not (before and before.partial):
            log.warning("look_partial", detector=name, safe="what was found before is still looked at")
        self.looks[name] = look
