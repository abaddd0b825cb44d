# /// script
# requires-python = ">=3.11"
# dependencies = ["alibi-detect==0.13.0", "numpy", "setuptools<81", "statsmodels<0.15"]
# ///
"""alibi-detect's Kolmogorov-Smirnov detector at its default p < .05, of each day beside the reference."""

import sys
from pathlib import Path
from typing import Any

from alibi_detect.cd import KSDrift

sys.path.insert(0, str(Path(__file__).parents[3]))
from bench.drift.peers.streams import answer, daily


def drifts(learned: Any, day: Any) -> bool:
    """Say whether a day drifted."""
    found = KSDrift(learned[:, None], p_val=0.05).predict(day[:, None])
    return bool(found["data"]["is_drift"])


if __name__ == "__main__":
    answer({"alibi-detect KSDrift, daily": lambda stream: daily(stream, drifts)})
