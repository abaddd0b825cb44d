"""The core's state as Prometheus reads it; what it does is counted where it is done."""

from collections.abc import Iterator
from datetime import UTC, datetime
from importlib.metadata import version

from prometheus_client import Metric
from prometheus_client.core import GaugeMetricFamily, InfoMetricFamily
from prometheus_client.registry import Collector
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from analytics.alerts.outbox import waiting
from analytics.findings.ledger import FindingLedger
from analytics.watch import Watch
from collector.journal.quarantined import quarantined
from collector.journal.segment import Folders
from collector.loader.progress import Progress
from doldrums.readiness import Readiness

_PREFIX = "doldrums_core"


class CoreMetrics(Collector):
    """Gathers when it is asked; no statement reaches the store, so that a store in trouble is told too."""

    def __init__(
        self,
        folders: Folders,
        progress: Progress,
        watch: Watch,
        readiness: Readiness,
        ledger: FindingLedger,
        state: Engine,
    ) -> None:
        self._folders = folders
        self._progress = progress
        self._watch = watch
        self._readiness = readiness
        self._ledger = ledger
        self._state = state

    def collect(self) -> Iterator[Metric]:
        """Yield every family."""
        yield InfoMetricFamily("doldrums_build", "The version that runs", {"version": version("doldrums")})
        yield _gauge("ready", "1 while /readyz says so, else 0", int(not self._readiness.problems()))
        yield _gauge(
            "loading_behind_seconds", "How long what is not loaded has waited", self._readiness.behind_s
        )
        yield _gauge(
            "segments_left_behind",
            "Segments that the store refuses while it takes others",
            len(self._progress.left_behind()),
        )
        yield from self._quarantine()
        yield _gauge(
            "assembly_lag_seconds",
            "Age of the oldest that was received and is not assembled",
            self._watch.assembly_lag_s,
        )
        yield self._turns()
        yield self._looks()
        yield from self._in_state()

    def _quarantine(self) -> Iterator[Metric]:
        pieces = quarantined(self._folders.quarantine)
        yield _gauge("quarantined_pieces", "Requests and damage in quarantine", len(pieces))
        yield _gauge("quarantined_spans", "Spans in those, as far as known", sum(one.spans for one in pieces))

    def _turns(self) -> Metric:
        family = GaugeMetricFamily(
            f"{_PREFIX}_work_behind_seconds",
            "Of what was assembled it had no time for so much",
            labels=["work"],
        )
        for work, behind_s in self._watch.behind_s.items():
            family.add_metric([work], behind_s)
        return family

    def _looks(self) -> Metric:
        family = GaugeMetricFamily(
            f"{_PREFIX}_look_timestamp_seconds", "When a detector last looked", labels=["detector"]
        )
        for detector, look in self._watch.looks.last.items():
            family.add_metric([detector], look.at.timestamp())
        return family

    def _in_state(self) -> Iterator[Metric]:
        """Without the state database the rest is still told."""
        try:
            findings, messages = self._ledger.count_open_by_severity(), waiting(self._state)
        except SQLAlchemyError:
            yield _gauge("state_up", "1 while the state database answers, else 0", 0)
            return
        yield _gauge("state_up", "1 while the state database answers, else 0", 1)
        opened = GaugeMetricFamily(
            f"{_PREFIX}_findings_open", "Findings that are open", labels=["detector", "severity"]
        )
        for (detector, severity), count in findings.items():
            opened.add_metric([detector, severity], count)
        yield opened
        pending = GaugeMetricFamily(
            f"{_PREFIX}_deliveries_pending", "Messages neither delivered nor given up", labels=["webhook"]
        )
        age = GaugeMetricFamily(
            f"{_PREFIX}_deliveries_pending_age_seconds", "Age of the oldest of those", labels=["webhook"]
        )
        for webhook, waits in messages.items():
            pending.add_metric([webhook], waits.messages)
            age.add_metric([webhook], (datetime.now(UTC) - waits.since).total_seconds())
        yield from (pending, age)


def _gauge(name: str, meaning: str, value: float) -> Metric:
    return GaugeMetricFamily(f"{_PREFIX}_{name}", meaning, value)
