# /// script
# requires-python = ">=3.11"
# dependencies = ["cmdstanpy<1.3", "numpy", "pandas<3", "prophet==1.1.*"]
# ///
"""Prophet's forecast of the hourly median, or share of errors, and its band at 99 %.

Once for each hour outside the band, once for the third one running, as monitors with bands are used.
"""

import logging
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
from prophet import Prophet

sys.path.insert(0, str(Path(__file__).parents[3]))
from bench.drift.peers.streams import Stream, answer, taken


def every(running: int) -> Callable[[Stream], list[int] | None]:
    """Return a method that alarms at so many hours running outside the band."""

    def alarms(stream: Stream) -> list[int] | None:
        if stream.kind == "category":
            return None
        found, together, last = [], 0, None
        for hour in _outside(stream):
            together = together + 1 if last == hour - 1 else 1
            last = hour
            if together >= running:
                found.append(hour)
        return taken(stream, iter(found))

    return alarms


def _outside(stream: Stream) -> list[int]:
    """Return the hours, since the reference ended, that end outside the band."""
    by_hour = pd.DataFrame({"hour": stream.hours, "y": stream.seen}).groupby("hour")
    frame = (by_hour.median() if stream.kind == "number" else by_hour.mean()).reset_index()
    frame["ds"] = pd.Timestamp("2024-01-01") + pd.to_timedelta(frame["hour"], unit="h")
    learned = frame["hour"] < stream.learned_h
    np.random.seed(0)  # noqa: NPY002 - Prophet draws its band from it
    model = Prophet(interval_width=0.99, yearly_seasonality=False)
    band = model.fit(frame[learned]).predict(frame[~learned][["ds"]])
    value = frame[~learned]["y"].to_numpy()
    outside = (value < band["yhat_lower"].to_numpy()) | (value > band["yhat_upper"].to_numpy())
    return [int(hour) + 1 - stream.learned_h for hour in np.asarray(frame[~learned]["hour"])[outside]]


if __name__ == "__main__":
    logging.getLogger("cmdstanpy").setLevel(logging.ERROR)
    answer({"Prophet's band, 1 hour": every(1), "Prophet's band, 3 hours running": every(3)})
