# /// script
# requires-python = ">=3.11"
# dependencies = ["alibi-detect==0.13.0", "numpy", "setuptools<81", "statsmodels<0.15"]
# ///
"""alibi-detect's Kolmogorov-Smirnov and chi-square detectors at their default p < .05."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from alibi_detect.cd import ChiSquareDrift, KSDrift

sys.path.insert(0, str(Path(__file__).parents[3]))
from bench.drift.peers.streams import DAY_H, HOUR_H, Stream, answer, looked


def every(length_h: int) -> Callable[[Stream], list[int]]:
    """Return a method that looks at the last window of this length, and again when that is over."""

    def alarms(stream: Stream) -> list[int]:
        number = stream.kind == "number"
        detector = (KSDrift if number else ChiSquareDrift)(_column(stream.learned, number), p_val=0.05)
        return looked(
            stream,
            length_h,
            lambda seen: bool(detector.predict(_column(seen, number))["data"]["is_drift"]),
        )

    return alarms


def _column(seen: Any, number: bool) -> Any:  # noqa: FBT001
    return seen[:, None] if number else seen[:, None].astype(int)


if __name__ == "__main__":
    answer({"alibi-detect, hourly": every(HOUR_H), "alibi-detect, daily": every(DAY_H)})
