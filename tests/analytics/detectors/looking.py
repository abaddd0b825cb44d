"""Looks as the watch does: what was loaded is assembled, selected and judged."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from analytics.assembly.assembler import Assembler
from analytics.baselines.habit import Habit
from analytics.baselines.limit import Limit
from analytics.baselines.work import Work
from analytics.chains.recorder import ChainRecorder
from analytics.detectors.detector import Detector, Limits, Outcome, Window
from analytics.findings.finding import Finding
from collector.store.store import Store
from tests.analytics.baselines.durations import limits
from tests.analytics.rows import NOW


@dataclass
class Learned:
    """What is usual: habits by measure and name, and of spans nothing."""

    habits: Mapping[tuple[str, str], Habit] = field(default_factory=dict)

    def habit(self, _project: str, measure: str, name: str) -> Habit | None:
        return self.habits.get((measure, name))

    def limit_for(self, work: Work) -> Limit:
        return limits().limit_for(work)


UNLEARNED = Learned()


def assembled(store: Store) -> None:
    assembler = Assembler(store)
    while assembler.run_once():
        pass


def chains_recorded(store: Store) -> None:
    """Record the error chains of what was assembled."""
    (row,) = store.query("SELECT max(version) AS version FROM steps")
    assert not ChainRecorder(store).record(int(row["version"]))


def looked(
    detector: Detector, store: Store, window: Window | None = None, learned: Limits = UNLEARNED
) -> Outcome:
    """Assemble what was loaded, and look at it."""
    assembled(store)
    window = window or Window(NOW)
    rows = store.query(detector.sql, detector.parameters(window))
    return detector.detect(rows, window, learned)


def watching(findings: Sequence[Finding], **window: Any) -> Window:
    """A later look, which watches what was found."""
    watched = frozenset((finding.project, finding.fingerprint) for finding in findings)
    return Window(NOW, watched, **window)
