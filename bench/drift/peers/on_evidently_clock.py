# /// script
# requires-python = ">=3.11"
# dependencies = ["evidently==0.7.23", "numpy", "pandas<3"]
# ///
"""How long Evidently's default drift of one column takes, in milliseconds, the second time it is asked."""

import json
import sys
import time
from pathlib import Path

import pandas as pd
from evidently import Report
from evidently.metrics import ValueDrift

sys.path.insert(0, str(Path(__file__).parents[3]))
from bench.drift.peers.streams import DAY_H, read


def once(current: pd.DataFrame, learned: pd.DataFrame) -> float:
    """Return the seconds of processor of one report."""
    start = time.process_time()
    Report([ValueDrift(column="value")]).run(current, learned).dict()
    return time.process_time() - start


if __name__ == "__main__":
    streams = read(sys.argv[1])
    found = []
    for stream in streams:
        day = next(seen for _, seen in stream.windows(DAY_H))
        frames = [pd.DataFrame({"value": part}) for part in (day, stream.learned)]
        once(frames[0][:1000], frames[1][:1000])
        found.append([round(1000 * once(*frames))])
    print(json.dumps({"seconds": found}))
