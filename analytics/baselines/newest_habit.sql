-- The newest hour whose habits were counted, 0 when none was.
SELECT toUnixTimestamp(max(hour)) AS hour_s FROM habits
