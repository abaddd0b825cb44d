"""How far loading has come, and what it leaves behind."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from collector.journal.segment import Folders, Segment, segments


class Progress:
    """Looks at the journal.

    Parameters
    ----------
    is_left_behind
        Whether the store refuses the file of this name while it takes others.
    """

    def __init__(self, folders: Folders, is_left_behind: Callable[[str], bool]) -> None:
        self._folders = folders
        self._is_left_behind = is_left_behind

    def reached(self) -> datetime:
        """Time up to which everything received is loaded: when the oldest waiting segment was begun.

        What is left behind does not count: it may never be loaded, and nobody would be watched.
        """
        # open ones first: a segment that is sealed meanwhile is seen twice, and not never
        waiting = [*segments(self._folders.open), *segments(self._folders.sealed)]
        begun = (one.begun for one in waiting if not self._is_left_behind(one.file_name))
        return min([datetime.now(UTC), *begun])

    def left_behind(self) -> Sequence[Segment]:
        """Return the sealed segments that the store refuses while it takes others."""
        return [one for one in segments(self._folders.sealed) if self._is_left_behind(one.file_name)]
