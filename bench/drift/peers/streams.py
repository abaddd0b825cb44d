"""What peers read and answer: streams of values in a file, alarms as JSON.

Imported by scripts of other environments: needs numpy alone.
"""

import json
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

HOUR_H, DAY_H = 1, 24


@dataclass(frozen=True)
class Stream:
    """What was seen, and what is asked of it.

    Parameters
    ----------
    seen
        Values in the order they came; numbers of categories.
    hours
        The hour of each.
    learned_h
        Hours that are learned from.
    kind
        `number`, `category`, or `error`: a category of 0 and 1.
    every
        Whether every alarm is asked for, or the first one alone.
    """

    seen: Any
    hours: Any
    learned_h: int
    kind: str = "number"
    every: bool = False

    @property
    def learned(self) -> Any:
        """The reference's values."""
        return self.seen[self.hours < self.learned_h]

    def windows(self, length_h: int) -> Iterator[tuple[int, Any]]:
        """Yield after how many hours behind the reference each window ends, and its values."""
        last = int(self.hours[-1]) + 1
        for start in range(self.learned_h, last - length_h + 1, length_h):
            first, end = np.searchsorted(self.hours, (start, start + length_h))
            yield start + length_h - self.learned_h, self.seen[first:end]


def write(path: Path, streams: list[Stream]) -> None:
    """Write streams to an .npz file."""
    np.savez(
        path,
        values=np.concatenate([one.seen for one in streams]),
        hours=np.concatenate([one.hours for one in streams]),
        lengths=[len(one.seen) for one in streams],
        learned_h=[one.learned_h for one in streams],
        kind=[one.kind for one in streams],
        every=[one.every for one in streams],
    )


def read(path: str) -> list[Stream]:
    """Read what `write` wrote."""
    stored = np.load(path)
    ends = np.cumsum(stored["lengths"])
    parts = [np.split(stored[part], ends[:-1]) for part in ("values", "hours")]
    parts += [stored[part].tolist() for part in ("learned_h", "kind", "every")]
    return [Stream(*each) for each in zip(*parts, strict=True)]


def looked(stream: Stream, length_h: int, alarms: Callable[[Any], bool]) -> list[int]:
    """Return the hours after the reference at which a look at the last window alarms."""
    return taken(stream, (hour for hour, seen in stream.windows(length_h) if len(seen) and alarms(seen)))


def taken(stream: Stream, alarms: Iterator[int]) -> list[int]:
    """Return the alarms that are asked for, and look no further than that."""
    if stream.every:
        return list(alarms)
    return [hour for hour in [next(alarms, None)] if hour is not None]


def answer(methods: Mapping[str, Callable[[Stream], list[int] | None]]) -> None:
    """Print, as JSON, the hours of each method's alarms on each stream of the file that is named.

    None stands for a stream of a kind that a method is not made for.
    """
    streams = read(sys.argv[1])
    print(json.dumps({name: [method(one) for one in streams] for name, method in methods.items()}))
