# /// script
# requires-python = ">=3.11"
# dependencies = ["evidently==0.7.23", "numpy", "pandas<3"]
# ///
"""Evidently's default drift of one column, of each day beside the reference."""

import sys
from pathlib import Path
from typing import Any

import pandas as pd
from evidently import Report
from evidently.metrics import ValueDrift

sys.path.insert(0, str(Path(__file__).parents[3]))
from bench.drift.peers.streams import answer, daily


def drifts(learned: Any, day: Any) -> bool:
    """Say whether Evidently's default test and threshold call a day drifted."""
    report = Report([ValueDrift(column="value")], include_tests=True)
    frames = (pd.DataFrame({"value": one}) for one in (day, learned))
    tests = report.run(*frames).dict()["tests"]
    return any(str(getattr(test["status"], "value", test["status"])).upper() == "FAIL" for test in tests)


if __name__ == "__main__":
    answer({"Evidently, daily": lambda stream: daily(stream, drifts)})
