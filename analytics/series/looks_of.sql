-- Looks at one series in [from, until), oldest first.
SELECT toInt64(toUnixTimestamp(hour)) AS hour_s, evidence, threshold
FROM drift_looks FINAL
WHERE project = {project:String} AND series = {series:UInt64} AND change = ''
    AND hour >= toDateTime({from_s:Int64}, 'UTC') AND hour < toDateTime({until_s:Int64}, 'UTC')
ORDER BY hour
LIMIT {rows_max:UInt32}
