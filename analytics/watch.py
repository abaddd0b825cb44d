"""The watch: assembles what arrived, lets every detector look, keeps baselines current."""

import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from time import time_ns

import structlog
from opentelemetry import trace
from prometheus_client import Counter, Histogram

from analytics.assembly.assembler import Assembler
from analytics.baselines.baseline import Baselines
from analytics.baselines.learning import Learning
from analytics.chains.recorder import ChainRecorder
from analytics.contracts.book import Book
from analytics.contracts.recorder import ContractRecorder
from analytics.contracts.user import UserContract
from analytics.detectors.detector import CHANGED_EVERY_S, DAYS_EVERY_S, OPEN_EVERY_S, Detector
from analytics.findings.ledger import FindingLedger
from analytics.inferred.reader import UnfinishedTraces
from analytics.looks import Assembled, Looks
from analytics.series.monitor import Monitor
from analytics.turn import Turn
from collector.store.store import Store

log = structlog.get_logger(__name__)
_tracer = trace.get_tracer(__name__)
_PASS_S = Histogram(
    "doldrums_core_assembly_pass_seconds",
    "Time of an assembly pass that found something new",
    buckets=(0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30),
)
_ASSEMBLED = Counter("doldrums_core_spans_assembled", "New spans that were assembled into traces")

ASSEMBLE_EVERY_S = 0.5
LEARN_EVERY_S = 10.0
# Whether an hour is over, or some was counted anew, is asked this often.
HOURS_EVERY_S = 30.0
# Of assembly between looks at what is open: what arrives without a pause must not put them off.
_ASSEMBLING_S_MAX = 2.0


class Watch:
    """Threads that follow the loader.

    One assembles, and lets those detectors look that look at what is open. Another one does what may
    take many seconds, one after the other, for memory's sake too: it learns baselines, and lets those
    look that read whole traces, or days of them. A third one looks for drift: it counts hours, of
    which a busy one takes minutes.

    Parameters
    ----------
    reached
        Everything received before this time is loaded, but what the store refuses for long: the
        beginning of the oldest segment that is not, or now. A detector that took the clock instead
        would call open what ended long ago and only waits to be loaded.
    contracts
        What a user wrote that calls keep.
    monitor
        Looks for drift.

    Attributes
    ----------
    looks
        What the detectors told.
    """

    def __init__(
        self,
        store: Store,
        ledger: FindingLedger,
        detectors: Sequence[Detector],
        reached: Callable[[], datetime],
        contracts: Sequence[UserContract] = (),
        monitor: Monitor | None = None,
    ) -> None:
        self._reached = reached
        self._assembler = Assembler(store)
        self._baselines = Baselines(store)
        self._learning = Learning(self._baselines, self._assembler.keep_place)
        self._unfinished_traces = UnfinishedTraces(store)
        self._turns = {
            "baselines": Turn(
                self._learn,
                LEARN_EVERY_S,
                "baselines_not_refreshed",
                "limits stay as they are; will try again",
            ),
            "unfinished traces": Turn(
                self._infer,
                CHANGED_EVERY_S,
                "unfinished_traces_not_read",
                "what was inferred before stands; will try again",
            ),
            "error chains": self._recording(ChainRecorder(store).record, "error_chains_not_recorded"),
            "contracts": self._recording(
                ContractRecorder(store, Book(store, contracts)).record, "contracts_not_recorded"
            ),
        }
        self._monitor = monitor
        self._drift = Turn(self._look_for_drift, HOURS_EVERY_S, "drift_not_looked_for")
        self.looks = Looks(store, ledger, detectors, self._baselines, self._assembler.version, time.monotonic)
        self._stopping = threading.Event()
        self._at_work, self._learning_or_reading, self._counting = (threading.Lock() for _ in range(3))
        self._threads = [
            threading.Thread(target=self._repeat, args=(work, lock), name=name, daemon=True)
            for work, lock, name in (
                (self._pass, self._at_work, "watch"),
                (self._learn_and_look_at_traces, self._learning_or_reading, "watch traces"),
                (self._drift.take, self._counting, "watch drift"),
            )
        ]
        self._assembled: Assembled | None = None
        self._began = datetime.now(UTC)

    @property
    def assembly_lag_s(self) -> float:
        """Age of the oldest that was received and was not assembled when it was last tried."""
        return (
            datetime.now(UTC) - (self._assembled.until if self._assembled else self._began)
        ).total_seconds()

    @property
    def behind_s(self) -> Mapping[str, float]:
        """Of what is done in turns, for how many seconds of what was assembled it had no time yet."""
        return {name: turn.behind_s for name, turn in {**self._turns, "drift": self._drift}.items()}

    def start(self) -> None:
        """Begin."""
        for thread in self._threads:
            thread.start()

    def stop(self, timeout_s: float) -> None:
        """End after the pass at work."""
        self._stopping.set()
        deadline_s = time.monotonic() + timeout_s
        for thread in self._threads:
            thread.join(max(0.0, deadline_s - time.monotonic()))

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Assemble nothing meanwhile and let no detector look: what is read may be deleted."""
        # what is open is looked at until the other thread is done, which may take long
        with self._learning_or_reading, self._counting, self._at_work:
            yield

    def _repeat(self, work: Callable[[], None], lock: threading.Lock) -> None:
        while not self._stopping.wait(ASSEMBLE_EVERY_S):
            try:
                with lock:
                    work()
            except Exception:
                # A pass is repeated whole; what it leaves half done the next one does again.
                log.exception("watch_pass_failed", action="will try again")

    def _pass(self) -> None:
        reached = self._reached()
        if not self._assemble_or_log():
            reached = min(reached, self._assembler.reached() or reached)
        if self._stopping.is_set():
            return
        ends = self._assembler.take_ends()
        self._learning.hand_over(ends, self._assembler.place)
        if self._monitor:
            self._monitor.touch(ends)
        self._assembled = Assembled(
            reached, self._assembler.version, dict(self._assembler.waiting), self._assembler.last_open
        )
        if self._learning.tried:
            self.looks.take_turns(self._assembled, every_s_max=OPEN_EVERY_S, reads_ahead=True)

    def _learn_and_look_at_traces(self) -> None:
        for turn in self._turns.values():
            if not self._stopping.is_set():
                turn.take()
        if self._assembled is not None and not self._stopping.is_set():
            self.looks.take_turns(self._assembled, every_s_max=DAYS_EVERY_S, every_s_min=CHANGED_EVERY_S)

    def _assemble_or_log(self) -> bool:
        """Say whether nothing waits; what cannot be assembled keeps nothing else from being looked at."""
        try:
            return self._assemble()
        except Exception:
            log.exception("assembly_failed", action="looks are as of what is assembled; will try again")
            return False

    def _assemble(self) -> bool:
        """Assemble until nothing waits, or for as long as looks can wait; say whether nothing does."""
        until_s = time.monotonic() + _ASSEMBLING_S_MAX
        while not self._stopping.is_set():
            if self._assemble_once() == 0:
                return True
            if time.monotonic() >= until_s:
                break
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

    def _learn(self) -> float:
        self._learning.learn(datetime.now(UTC))
        return 0.0

    def _infer(self) -> float:
        if self._assembled is not None:
            self.looks.unfinished = self._unfinished_traces.read(self._assembled.until)
        return 0.0

    def _look_for_drift(self) -> float:
        return self._monitor.record(self._assembled.until) if self._monitor and self._assembled else 0.0

    def _recording(self, record: Callable[[int], float], failed: str) -> Turn:
        """Return the turns of a recorder of what was assembled, up to a version of `steps`."""
        return Turn(
            lambda: record(self._assembled.version) if self._assembled else 0.0, CHANGED_EVERY_S, failed
        )
