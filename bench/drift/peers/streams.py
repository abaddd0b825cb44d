"""What peers read and answer: streams of values in a file, first alarms as JSON.

Imported by scripts of other environments: needs numpy alone.
"""

import json
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

DAY_H = 24


@dataclass(frozen=True)
class Stream:
    """Values seen, in the order they came, the hour of each, and how many hours are learned from."""

    seen: Any
    hours: Any
    learned_h: int

    @property
    def learned(self) -> Any:
        """The reference's values."""
        return self.seen[self.hours < self.learned_h]

    def days(self) -> list[Any]:
        """Return the values of each day after the reference."""
        last = int(self.hours[-1]) + 1
        starts = range(self.learned_h, last - DAY_H + 1, DAY_H)
        return [self.seen[(self.hours >= start) & (self.hours < start + DAY_H)] for start in starts]


def write(path: Path, streams: list[Stream]) -> None:
    """Write streams to an .npz file."""
    np.savez(
        path,
        values=np.concatenate([one.seen for one in streams]),
        hours=np.concatenate([one.hours for one in streams]),
        lengths=[len(one.seen) for one in streams],
        learned_h=[one.learned_h for one in streams],
    )


def read(path: str) -> list[Stream]:
    """Read what `write` wrote."""
    stored = np.load(path)
    ends = np.cumsum(stored["lengths"])
    values, hours = (np.split(stored[part], ends[:-1]) for part in ("values", "hours"))
    return [Stream(*each) for each in zip(values, hours, stored["learned_h"].tolist(), strict=True)]


def daily(stream: Stream, alarms: Callable[[Any, Any], bool]) -> list[int]:
    """Return the hours after the reference at which a look at the last day alarms."""
    learned = stream.learned
    return [
        (number + 1) * DAY_H for number, day in enumerate(stream.days()) if len(day) and alarms(learned, day)
    ]


def answer(methods: Mapping[str, Callable[[Stream], list[int]]]) -> None:
    """Print, as JSON, the hours of each method's alarms on each stream of the file that is named."""
    streams = read(sys.argv[1])
    print(json.dumps({name: [method(one) for one in streams] for name, method in methods.items()}))
