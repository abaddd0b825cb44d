-- The last hour that was looked at, 0 when none was.
SELECT toInt64(toUnixTimestamp(max(hour))) AS hour_s FROM drift_looks
