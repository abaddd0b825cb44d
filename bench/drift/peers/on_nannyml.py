# /// script
# requires-python = ">=3.11"
# dependencies = ["kaleido==0.2.1", "nannyml==0.13.1", "numpy", "statsmodels<0.15"]
# ///
"""NannyML's Jensen-Shannon distance of chunks of a day, three standard deviations of the reference's."""

import sys
from pathlib import Path

import nannyml
import pandas as pd

sys.path.insert(0, str(Path(__file__).parents[3]))
from bench.drift.peers.streams import DAY_H, Stream, answer


def alarms(stream: Stream) -> list[int]:
    """Return the hours of alarming days."""
    times = pd.Timestamp("2024-01-01") + pd.to_timedelta(stream.hours, unit="h")
    frame = pd.DataFrame({"value": stream.seen, "at": times})
    learned = stream.hours < stream.learned_h
    calculator = nannyml.UnivariateDriftCalculator(
        column_names=["value"],
        timestamp_column_name="at",
        chunk_period="D",
        continuous_methods=["jensen_shannon"],
    )
    calculator.fit(frame[learned])
    result = calculator.calculate(frame[~learned]).filter(period="analysis").to_df()
    flags = result[("value", "jensen_shannon", "alert")].to_numpy()
    return [(number + 1) * DAY_H for number, flag in enumerate(flags) if flag]


if __name__ == "__main__":
    answer({"NannyML, daily": alarms})
