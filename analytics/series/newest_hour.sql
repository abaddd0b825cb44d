-- The newest hour that was counted, 0 when none was.
SELECT toUnixTimestamp(max(hour)) AS hour_s FROM drift_counts
