# /// script
# requires-python = ">=3.11"
# dependencies = ["cmdstanpy<1.3", "numpy", "pandas<3", "prophet==1.1.*"]
# ///
"""Prophet's forecast of the hourly median, and its band at 99 %."""

import logging
import sys
from pathlib import Path

import numpy as np
import pandas as pd
from prophet import Prophet

sys.path.insert(0, str(Path(__file__).parents[3]))
from bench.drift.peers.streams import Stream, answer


def alarms(stream: Stream) -> list[int]:
    """Return the hours whose median leaves the band."""
    frame = pd.DataFrame({"hour": stream.hours, "y": stream.seen}).groupby("hour").median().reset_index()
    frame["ds"] = pd.Timestamp("2024-01-01") + pd.to_timedelta(frame["hour"], unit="h")
    learned = frame["hour"] < stream.learned_h
    model = Prophet(interval_width=0.99, yearly_seasonality=False)
    band = model.fit(frame[learned]).predict(frame[~learned][["ds"]])
    value = frame[~learned]["y"].to_numpy()
    outside = (value < band["yhat_lower"].to_numpy()) | (value > band["yhat_upper"].to_numpy())
    return [int(hour) + 1 - stream.learned_h for hour in np.asarray(frame[~learned]["hour"])[outside]]


if __name__ == "__main__":
    logging.getLogger("cmdstanpy").setLevel(logging.ERROR)
    answer({"Prophet's band on hourly medians": alarms})
