"""What went wrong with sealed segments, kept beside them so that a restart does not forget it."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from collector.journal.segment import Segment

_TIME = "%Y-%m-%d %H:%M:%S UTC"


class Mishaps:
    """One small file for each segment that stopped the process, a line for each time."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def note(self, segment: Segment, error: Exception) -> None:
        """Add one."""
        words = f"{type(error).__name__}: {error}".replace("\n", " ")
        with self._path(segment).open("a", encoding="utf-8") as file:
            file.write(f"{datetime.now(UTC):{_TIME}} {words}\n")

    def of(self, segment: Segment) -> list[str]:
        """Return what is known of a segment, the oldest first."""
        try:
            return self._path(segment).read_text(encoding="utf-8").splitlines()
        except FileNotFoundError:
            return []

    def age(self, segment: Segment) -> timedelta:
        """Return how long ago the first was."""
        try:
            first = self._path(segment).read_text(encoding="utf-8")[: len("2026-10-30 12:00:00 UTC")]
            return datetime.now(UTC) - datetime.strptime(first, _TIME).replace(tzinfo=UTC)
        except (FileNotFoundError, ValueError):  # ValueError: the power went before the line was on disk
            return timedelta(0)

    def forget(self, segment: Segment) -> None:
        """Let go: it is loaded, or in quarantine with its story."""
        self._path(segment).unlink(missing_ok=True)

    def _path(self, segment: Segment) -> Path:
        return self._folder / f"{segment.id}.mishaps"
