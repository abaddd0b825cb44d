# /// script
# requires-python = ">=3.11"
# dependencies = ["evidently==0.7.23", "numpy", "pandas<3"]
# ///
"""Evidently's default drift of texts, of each day beside the reference: a classifier that tells them apart.

Its input is JSON: texts, and of each stream the places of those learned and of those of each day.
"""

import json
import sys
from pathlib import Path

import pandas as pd
from evidently.legacy.calculations.stattests import get_stattest
from evidently.legacy.core import ColumnType


def drifted(learned: pd.Series, day: pd.Series) -> bool:
    """Say whether a day drifted, as `ValueDrift` of a column of texts does."""
    test = get_stattest(learned, day, ColumnType.Text, None)
    return bool(test(learned, day, ColumnType.Text, None).drifted)


if __name__ == "__main__":
    known = json.loads(Path(sys.argv[1]).read_text())
    texts = pd.Series(known["texts"])
    found = []
    for stream in known["streams"]:
        learned = texts[stream["learned"]].reset_index(drop=True)
        days = [texts[day].reset_index(drop=True) for day in stream["days"]]
        found.append([drifted(learned, day) for day in days])
    print(json.dumps({"Evidently, daily": found}))
