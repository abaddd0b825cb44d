-- The newest hour that was counted and when the last one was, 0 when none was.
SELECT toUnixTimestamp(max(hour)) AS hour_s, max(version) AS version FROM drift_counts
