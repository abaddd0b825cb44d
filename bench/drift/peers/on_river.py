# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy", "river==0.26.*"]
# ///
"""River's ADWIN, KSWIN and Page-Hinkley as they are by default, on every value; errors are 0 and 1."""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from river import drift

sys.path.insert(0, str(Path(__file__).parents[3]))
from bench.drift.peers.streams import Stream, answer, taken

# KSWIN sees its last 100 values and is slow: no more of the reference than that takes.
WINDOW = 1_000


def on(make: Callable[[], Any], warm: int | None = None) -> Callable[[Stream], list[int] | None]:
    """Return a method that gives the detector every value, and tells its alarms after the reference.

    These have no reference. What others learn from warms them up: all of it, or its last `warm` values.
    """

    def alarms(stream: Stream) -> list[int] | None:
        if stream.kind == "category":
            return None
        start = 0 if warm is None else max(len(stream.learned) - warm, 0)
        return taken(stream, _alarms(make(), stream, start))

    return alarms


def _alarms(detector: Any, stream: Stream, start: int) -> Iterator[int]:
    for value, hour in zip(stream.seen[start:], stream.hours[start:], strict=True):
        detector.update(float(value))
        if detector.drift_detected and hour >= stream.learned_h:
            yield int(hour) + 1 - stream.learned_h


if __name__ == "__main__":
    answer(
        {
            "river ADWIN": on(drift.ADWIN),
            "river KSWIN": on(lambda: drift.KSWIN(seed=1), WINDOW),
            "river Page-Hinkley": on(drift.PageHinkley),
        }
    )
