-- The first hour that was counted, 0 when none was.
SELECT toUnixTimestamp(min(hour)) AS hour_s FROM drift_counts
