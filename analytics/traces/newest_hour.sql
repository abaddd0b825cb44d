-- The last hour of a range in which a trace began, so far as is known without looking at the traces.
SELECT toUnixTimestamp(toStartOfHour(start)) AS hour_s
FROM traces
WHERE project = {project:String}
    AND start >= fromUnixTimestamp64Nano({from_ns:Int64}, 'UTC')
    AND start <= fromUnixTimestamp64Nano({until_ns:Int64}, 'UTC')
ORDER BY project DESC, toStartOfHour(start) DESC
LIMIT 1
