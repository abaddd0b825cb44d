-- The newest hour that has been counted, 0 when none has. Clients' clocks run ahead: later hours do not count.
SELECT toUnixTimestamp(max(hour)) AS hour_s
FROM duration_bins
WHERE hour <= toDateTime({now_s:Int64}, 'UTC')
