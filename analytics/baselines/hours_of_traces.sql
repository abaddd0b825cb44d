-- The hours in which a trace began, of those in [{from_s}, {to_s}).
SELECT DISTINCT toUnixTimestamp(toStartOfHour(start)) AS hour_s
FROM traces
WHERE start >= toDateTime64({from_s:Int64}, 9, 'UTC') AND start < toDateTime64({to_s:Int64}, 9, 'UTC')
ORDER BY hour_s
