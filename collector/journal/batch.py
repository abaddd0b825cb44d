"""Records that are written together, and the one future of all who wait for that."""

from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import date


@dataclass
class Batch:
    """Records received on one day, UTC."""

    day: date
    frames: list[bytes] = field(default_factory=list)
    frames_bytes: int = 0
    items: int = 0
    stored: Future[None] = field(default_factory=Future)

    def __post_init__(self) -> None:
        # one who stops waiting must not cancel it for the others
        self.stored.set_running_or_notify_cancel()

    def add(self, record: bytes, items: int) -> None:
        self.frames.append(record)
        self.frames_bytes += len(record)
        self.items += items

    def fail(self, error: Exception) -> None:
        if not self.stored.done():
            self.stored.set_exception(error)
