-- The hours from a time on in which something ended, oldest first.
SELECT DISTINCT toUnixTimestamp(toStartOfHour(end)) AS hour_s
FROM traces
WHERE end >= toDateTime64({from_s:Int64}, 9, 'UTC') AND end < toDateTime64({until_s:Int64}, 9, 'UTC')
ORDER BY hour_s
