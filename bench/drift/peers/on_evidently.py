# /// script
# requires-python = ">=3.11"
# dependencies = ["evidently==0.7.23", "numpy", "pandas<3"]
# ///
"""Evidently's drift of one column, of each hour and day beside the reference.

By default, where a reference of more than 1,000 values is told by a distance; with a reference of 1,000
values drawn from it, which is told by a p-value; and by PSI above .2. A report takes a fifth of a second and
the test in it a hundredth, so the tests are called as the report calls them, and one report of each
kind of stream is made to see that it says the same.
"""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from evidently import Report
from evidently.legacy.calculations.stattests import get_stattest
from evidently.legacy.core import ColumnType
from evidently.metrics import ValueDrift

sys.path.insert(0, str(Path(__file__).parents[3]))
from bench.drift.peers.streams import DAY_H, HOUR_H, Stream, answer, looked

_TYPES = {"number": ColumnType.Numerical, "category": ColumnType.Categorical, "error": ColumnType.Categorical}


def every(
    length_h: int, *, method: str | None = None, threshold: float | None = None, rows: int | None = None
) -> Callable[[Stream], list[int]]:
    """Return a method that looks at the last window of this length, and again when that is over."""
    checked = set()

    def alarms(stream: Stream) -> list[int]:
        learned = stream.learned
        if rows is not None and len(learned) > rows:
            learned = np.random.default_rng(0).choice(learned, rows, replace=False)
        reference, of = _series(stream, learned), _TYPES[stream.kind]
        first = next(seen for _, seen in stream.windows(length_h) if len(seen))
        test = get_stattest(reference, _series(stream, first), of, method)

        def drifts(seen: Any) -> bool:
            return bool(test(reference, _series(stream, seen), of, threshold).drifted)

        if stream.kind not in checked and drifts(first) != _reported(
            _series(stream, first), reference, method, threshold
        ):
            raise AssertionError("the report says something else")
        checked.add(stream.kind)
        return looked(stream, length_h, drifts)

    return alarms


def _series(stream: Stream, seen: Any) -> pd.Series:
    if stream.kind == "number":
        return pd.Series(seen)
    return pd.Series([f"c{number:.0f}" for number in seen])


def _reported(current: pd.Series, reference: pd.Series, method: str | None, threshold: float | None) -> bool:
    metric = ValueDrift(column="value", method=method, threshold=threshold)
    frames = (pd.DataFrame({"value": one}) for one in (current, reference))
    tests = Report([metric], include_tests=True).run(*frames).dict()["tests"]
    return any(str(getattr(test["status"], "value", test["status"])).upper() == "FAIL" for test in tests)


if __name__ == "__main__":
    answer(
        {
            "Evidently, hourly": every(HOUR_H),
            "Evidently, daily": every(DAY_H),
            "Evidently on 1,000 rows, hourly": every(HOUR_H, rows=1_000),
            "Evidently on 1,000 rows, daily": every(DAY_H, rows=1_000),
            "Evidently PSI > .2, daily": every(DAY_H, method="psi", threshold=0.2),
        }
    )
