"""Pace: when things happen in the demo."""

from dataclasses import dataclass, field

from doldrums_client import Rhythm


@dataclass(frozen=True, slots=True)
class Pace:
    """Times of the demo, in seconds since its start unless said otherwise.

    Parameters
    ----------
    history_runs
        Finished runs of each kind in the past hour. A limit is learned from 99 spans on;
        130 leave room for those that failed.
    gap_s
        Shortest and longest time between two ordinary runs.
    standstill_first_s
        When the software team first stands still.
    standstill_hold_s
        How long it then stands, until the planner's patience ends.
    standstill_quiet_s
        How long after that all goes well, until it stands still again.
    reindex_first_s, reindex_quiet_s
        When the librarian's long round begins, and how long after its end the next one does.
    reindex_pages
        Pages of that round, 1.2 s each: ten times the usual round and more.
    speed
        How many times faster than life each step is taken; limits of waits stay as they are.
    rhythm
        When open spans are reported.
    """

    history_runs: int = 130
    gap_s: tuple[float, float] = (1.0, 2.0)
    standstill_first_s: float = 1.0
    standstill_hold_s: float = 150.0
    standstill_quiet_s: float = 120.0
    reindex_first_s: float = 20.0
    reindex_quiet_s: float = 240.0
    reindex_pages: int = 120
    speed: float = 1.0
    rhythm: Rhythm = field(default_factory=Rhythm)
