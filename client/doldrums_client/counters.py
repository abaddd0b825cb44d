"""What a processor has done so far."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Counters:
    """Numbers of spans and snapshots since the process started or was forked.

    Parameters
    ----------
    open
        Spans that are open and watched now.
    sent
        Snapshots that the exporter delivered.
    dropped
        Snapshots that the exporter could not deliver. They are not sent again: the next
        heartbeat says what is true then.
    unwatched
        Spans that started while the limit of open spans was reached.
    abandoned
        Spans that nobody can end any more: the application let go of them unended.
    """

    open: int
    sent: int
    dropped: int
    unwatched: int
    abandoned: int
