# /// script
# requires-python = ">=3.11"
# dependencies = ["kaleido==0.2.1", "nannyml==0.13.1", "numpy", "statsmodels<0.15"]
# ///
"""NannyML's default: Jensen-Shannon distance of chunks, three standard deviations of the reference's."""

import sys
from collections.abc import Callable
from pathlib import Path

import nannyml
import pandas as pd

sys.path.insert(0, str(Path(__file__).parents[3]))
from bench.drift.peers.streams import DAY_H, HOUR_H, Stream, answer, taken

_START = pd.Timestamp("2024-01-01")


def every(length_h: int, period: str) -> Callable[[Stream], list[int]]:
    """Return a method that looks at chunks of this length."""

    def alarms(stream: Stream) -> list[int]:
        seen = stream.seen if stream.kind == "number" else [f"c{number:.0f}" for number in stream.seen]
        since = stream.hours - stream.learned_h
        frame = pd.DataFrame({"value": seen, "at": _START + pd.to_timedelta(since, unit="h")})
        # a chunk that is cut short differs from all others
        whole = (since // length_h > since[0] // length_h) | (stream.learned_h % length_h == 0)
        whole &= since // length_h < (since[-1] + 1) // length_h
        frame, learned = frame[whole], since[whole] < 0
        calculator = nannyml.UnivariateDriftCalculator(
            column_names=["value"], timestamp_column_name="at", chunk_period=period
        )
        calculator.fit(frame[learned])
        found = calculator.calculate(frame[~learned]).filter(period="analysis").to_df()
        starts = found[("chunk", "chunk", "start_date")][found[("value", "jensen_shannon", "alert")]]
        hours = [round((one - _START).total_seconds() / 3600) for one in starts]
        return taken(stream, (hour + length_h for hour in hours))

    return alarms


if __name__ == "__main__":
    answer({"NannyML, hourly": every(HOUR_H, "h"), "NannyML, daily": every(DAY_H, "D")})
