-- How many steps may have ended in each of hours in a row, and traces of a sample of them: what lies between their ids is
-- about alike.
SELECT
    toInt64(toUnixTimestamp(toStartOfHour(end))) AS hour_s,
    count() AS steps,
    arrayMap(id -> lower(hex(id)), groupArraySample({sample:UInt32}, 1)(trace_id)) AS traces
FROM steps
WHERE _partition_value.1 + 8 > toDateTime({from_s:Int64}, 'UTC')
    AND start >= toDateTime64({from_s:Int64} - 86400, 9, 'UTC')
    AND start < toDateTime64({until_s:Int64}, 9, 'UTC')
    AND end >= toDateTime64({from_s:Int64}, 9, 'UTC')
    AND end < toDateTime64({until_s:Int64}, 9, 'UTC')
GROUP BY hour_s
