-- Alarms of a project's series, the latest first: those that are open, or all of one series.
SELECT
    toString(series) AS number,
    toInt64(toUnixTimestamp(opened_hour)) AS opened_s,
    change,
    toInt64(toUnixTimestamp(closed_hour)) AS closed_s,
    closed_by,
    toInt64(toUnixTimestamp(began)) AS began_s,
    toInt64(toUnixTimestamp(began_first)) AS began_first_s,
    toInt64(toUnixTimestamp(began_last)) AS began_last_s,
    evidence,
    threshold,
    explanation
FROM drift_alarms FINAL
WHERE project = {project:String}
    AND if({series:UInt64} = 0, closed_hour = 0, series = {series:UInt64})
ORDER BY opened_hour DESC, series
LIMIT {rows_max:UInt32}
