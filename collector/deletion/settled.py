"""Up to which segment everything is loaded: before that, rows can be deleted without looking like damage."""

import time

from collector.journal.segment import Folders, Segment, segments
from collector.loader.replay import ReplayFolders


def newest_now(folders: Folders) -> str:
    """Return an id that no segment is above which holds something acknowledged before now."""
    # ids are UUIDv7, which begin with milliseconds; where the clock was set back, those that wait are above
    known = [segment.id for segment in _waiting(folders)]
    return max([f"{time.time_ns() // 1_000_000:012x}{'f' * 20}", *known])


def waiting_up_to(folders: Folders, until: str) -> list[Segment]:
    """Return the segments up to an id that are not loaded, verified and archived."""
    return [segment for segment in _waiting(folders) if segment.id <= until]


def waiting_days(folders: Folders) -> set[str]:
    """Return the days of which something may still be loaded."""
    return {segment.day.isoformat() for segment in _waiting(folders)}


def _waiting(folders: Folders) -> list[Segment]:
    places = [folders.open, folders.sealed, ReplayFolders(folders.data_dir).sealed]
    return [segment for place in places if place.exists() for segment in segments(place)]
