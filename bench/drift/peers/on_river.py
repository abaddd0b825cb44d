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

# These have no reference: two days before the first look warm them up.
WARM_H = 48


def on(make: Callable[[], Any]) -> Callable[[Stream], list[int] | None]:
    """Return a method that gives the detector every value, and tells its alarms after the reference."""

    def alarms(stream: Stream) -> list[int] | None:
        return None if stream.kind == "category" else taken(stream, _alarms(make(), stream))

    return alarms


def _alarms(detector: Any, stream: Stream) -> Iterator[int]:
    warm = stream.hours >= stream.learned_h - WARM_H
    for value, hour in zip(stream.seen[warm], stream.hours[warm], strict=True):
        detector.update(float(value))
        if detector.drift_detected and hour >= stream.learned_h:
            yield int(hour) + 1 - stream.learned_h


if __name__ == "__main__":
    answer(
        {
            "river ADWIN": on(drift.ADWIN),
            "river KSWIN": on(lambda: drift.KSWIN(seed=1)),
            "river Page-Hinkley": on(drift.PageHinkley),
        }
    )
