"""Whether what is received is stored and looked at, and why not."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from threading import Event

from analytics.watch import Watch
from collector.loader.progress import Progress
from collector.receiver.snapshot import FILE_NAME, read_snapshot

# Queryable within 2 s is the promise; a minute behind is a fault that somebody should see.
_BEHIND_S_MAX = 60.0
_LATE_S_MAX = 60.0
# The receiver reports every second; a restart takes a few.
_REPORT_S_MAX = 15.0


class Readiness:
    """Looks at the parts of the core, and at what the receiver reports."""

    def __init__(self, data_dir: Path, progress: Progress, watch: Watch, stopping: Event) -> None:
        self._report = data_dir / FILE_NAME
        self._progress = progress
        self._watch = watch
        self._stopping = stopping

    def problems(self) -> Sequence[str]:
        """Return why the service is not ready; nothing when it is."""
        behind_s = self.behind_s
        left_behind = len(self._progress.left_behind())
        late_s = self._watch.looks.late_s
        reasons = {
            "the service is stopping": self._stopping.is_set(),
            f"acknowledged spans have waited {behind_s:.0f} s to be stored": behind_s > _BEHIND_S_MAX,
            f"segments that the store refuses wait: {left_behind}, see the log": left_behind > 0,
            f"the look of a detector is {late_s:.0f} s late, see the log": late_s > _LATE_S_MAX,
        }
        return [*(reason for reason, holds in reasons.items() if holds), *self._receiver()]

    @property
    def behind_s(self) -> float:
        """Seconds for which what was received first, and is not loaded, has waited."""
        return max(0.0, (datetime.now(UTC) - self._progress.reached()).total_seconds())

    def _receiver(self) -> Sequence[str]:
        report = read_snapshot(self._report)
        if report is None:
            return ["the receiver has not reported yet, see the log"]
        silent_s = (datetime.now(UTC) - report.written_at).total_seconds()
        if silent_s > _REPORT_S_MAX:
            return [f"the receiver has not reported for {silent_s:.0f} s, see the log"]
        return [f"nothing is received: {report.problem}"] if report.problem else []
