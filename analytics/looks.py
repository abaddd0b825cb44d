"""Looks: lets each detector look when it is due, and keeps what the last looks told."""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import zip_longest
from typing import NamedTuple

import structlog
from opentelemetry import trace
from prometheus_client import Counter, Histogram

from analytics import garbage
from analytics.detectors.detector import OPEN_EVERY_S, Detector, Limits, Outcome, Window
from analytics.detectors.source import Source
from analytics.detectors.verdict import Verdict
from analytics.findings.ledger import FindingLedger
from analytics.inferred.reader import FORGOTTEN
from analytics.inferred.unfinished import Unfinished
from analytics.waits.graph import EMPTY, WaitGraph
from collector.store.rows import Rows
from collector.store.store import Store

log = structlog.get_logger(__name__)
_tracer = trace.get_tracer(__name__)
_LOOK_S = Histogram(
    "doldrums_core_look_seconds",
    "Time of a detector's look",
    ["detector"],
    buckets=(0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)
_LOOKS_FAILED = Counter("doldrums_core_looks_failed", "Looks that failed, to be done again", ["detector"])

# Versions are microseconds, about. For so long what was left out for want of room may have its turn, and so
# may, in the next process, what changed before a stop: it was assembled, and perhaps not looked at.
BACKLOG_US = 300_000_000
_UNKNOWN = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Look:
    """The last look of one detector.

    Parameters
    ----------
    elapsed_s
        Seconds that its statement and its judging took. Looks that read ahead took less together.
    """

    at: datetime
    elapsed_s: float
    partial: bool


@dataclass(frozen=True, slots=True)
class Assembled:
    """How far assembly has come.

    Parameters
    ----------
    until
        Everything received before this is assembled, but for `waiting`.
    version
        Of the `steps` that were written last.
    waiting
        `Window.waiting`.
    last_open
        When anything was heard for the last time of what was ever reported open, or later.
    """

    until: datetime
    version: int
    waiting: Mapping[str, int] = field(default_factory=dict)
    last_open: datetime = _UNKNOWN


class Reading(NamedTuple):
    """What a statement answered, what its parameters were made of, and how many seconds it took."""

    window: Window
    rows: Rows
    elapsed_s: float


class Looks:
    """Runs detectors. What one of them fails at keeps no other one from looking.

    Parameters
    ----------
    version
        Of `steps` that were written last: what is older by `BACKLOG_US` was looked at by an earlier
        process.

    Attributes
    ----------
    last
        By detector its last look.
    verdicts, waits
        What the last look said that says such things.
    unfinished
        `Window.unfinished`, for the looks that follow.
    """

    def __init__(
        self,
        store: Store,
        ledger: FindingLedger,
        detectors: Sequence[Detector],
        limits: Limits,
        version: int,
        monotonic: Callable[[], float],
    ) -> None:
        self._store = store
        self._ledger = ledger
        self._detectors = detectors
        self._limits = limits
        self._monotonic = monotonic
        for name in self.names:
            _LOOKS_FAILED.labels(name)
        self._looked_s = dict.fromkeys(self.names, monotonic())
        self._due_s = dict.fromkeys(self.names, 0.0)
        self._looked_version = dict.fromkeys(self.names, max(0, version - BACKLOG_US))
        self._silent: frozenset[Source] = frozenset()
        self.unfinished: Sequence[Unfinished] = ()
        self.verdicts: Sequence[Verdict] = ()
        self.waits: WaitGraph = EMPTY
        self.last: dict[str, Look] = {}

    @property
    def names(self) -> list[str]:
        """Names of the detectors that look."""
        return [detector.name for detector in self._detectors]

    @property
    def late_s(self) -> float:
        """Seconds by which the look that is due for longest is late."""
        now_s = self._monotonic()
        late_s = (now_s - self._looked_s[each.name] - each.every_s for each in self._detectors)
        return max(0.0, max(late_s, default=0.0))

    def take_turns(
        self,
        assembled: Assembled,
        every_s_max: float,
        every_s_min: float = 0.0,
        *,
        reads_ahead: bool = False,
    ) -> None:
        """Let those look that look about so often, and are due.

        Parameters
        ----------
        reads_ahead
            The statement of the next one runs while one judges: two answers are in memory then.
        """
        due = [
            each
            for each in self._detectors
            if every_s_min <= each.every_s <= every_s_max and self._is_due(each)
        ]
        ahead: Future[Reading] | None = None
        with ThreadPoolExecutor(1, "look") as reader:
            for detector, following in zip_longest(due, due[1:]):
                reading = ahead or reader.submit(self._read, detector, assembled)
                wait([reading])
                ahead = None
                if following and reads_ahead:
                    ahead = reader.submit(self._read, following, assembled)
                self._look_or_log(detector, assembled, reading)

    def _is_due(self, detector: Detector) -> bool:
        now_s = self._monotonic()
        is_due = now_s >= self._due_s[detector.name]
        if is_due:
            self._due_s[detector.name] = now_s + detector.every_s
        return is_due

    def _read(self, detector: Detector, assembled: Assembled) -> Reading:
        began_s = self._monotonic()
        window = self._window(detector, assembled)
        if _has_nothing_open(detector, window, assembled):
            rows = Rows((), ())
        else:
            rows = self._store.query(detector.sql, detector.parameters(window))
        return Reading(window, rows, self._monotonic() - began_s)

    def _look_or_log(self, detector: Detector, assembled: Assembled, reading: Future[Reading]) -> None:
        span = _tracer.start_as_current_span("look", attributes={"doldrums.detector": detector.name})
        try:
            with span:
                self._look(detector, assembled, reading.result())
            self._looked_s[detector.name] = self._monotonic()
        except Exception:
            _LOOKS_FAILED.labels(detector.name).inc()
            log.exception("look_failed", detector=detector.name, action="will look again")

    def _look(self, detector: Detector, assembled: Assembled, reading: Reading) -> None:
        began_s = self._monotonic()
        with garbage.left():
            outcome = detector.detect(reading.rows, self._newest(reading.window), self._limits)
        self._ledger.reconcile(
            detector.name, outcome.findings, datetime.now(UTC), outcome.resolutions, outcome.kept
        )
        self._looked_version[detector.name] = self._version_after(detector.name, outcome, assembled)
        self._take(outcome)
        elapsed_s = reading.elapsed_s + self._monotonic() - began_s
        _LOOK_S.labels(detector.name).observe(elapsed_s)
        self._note(detector.name, Look(datetime.now(UTC), elapsed_s, outcome.partial))

    def _version_after(self, name: str, outcome: Outcome, assembled: Assembled) -> int:
        """Return what the next look begins after: it goes on with what was left out, and gets on."""
        left_out = outcome.left_out_version
        if not left_out:
            return assembled.version
        least = max(assembled.version - BACKLOG_US, self._looked_version[name] + 1)
        if left_out <= least:
            log.warning("changed_traces_not_looked_at", detector=name, reason="no room for too long")
        return min(assembled.version, max(left_out - 1, least))

    def _window(self, detector: Detector, assembled: Assembled) -> Window:
        open_before = self._ledger.open(detector.name)
        evidence = {(finding.project, finding.fingerprint): finding.evidence for finding in open_before}
        return Window(
            assembled.until,
            frozenset(evidence),
            assembled.waiting,
            self._looked_version[detector.name],
            self.waits.explained,
            self._silent,
            self.unfinished,
            evidence,
            self.waits.edges,
        )

    def _newest(self, window: Window) -> Window:
        """Return it with what was found since its statement began."""
        return replace(window, explained=self.waits.explained, silent=self._silent, waits=self.waits.edges)

    def _take(self, outcome: Outcome) -> None:
        if outcome.verdicts is not None:
            self.verdicts = outcome.verdicts
        if outcome.waits is not None:
            self.waits = outcome.waits
        if outcome.silent is not None:
            self._silent = outcome.silent

    def _note(self, name: str, look: Look) -> None:
        before = self.last.get(name)
        if look.partial and not (before and before.partial):
            log.warning("look_partial", detector=name, safe="what each project has a share for is looked at")
        self.last[name] = look


def _has_nothing_open(detector: Detector, window: Window, assembled: Assembled) -> bool:
    """Say whether a look at what is open would find no row: a service at rest spends its time on these."""
    return (
        detector.every_s <= OPEN_EVERY_S
        and assembled.last_open < assembled.until - FORGOTTEN
        and not (window.watched or window.unfinished)
        and window.changed_version >= assembled.version
    )
