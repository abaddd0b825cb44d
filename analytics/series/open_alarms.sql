-- Alarms that are open, and the hours of all of them since a time: no reference is learned from these.
SELECT
    project, series, change,
    toInt64(toUnixTimestamp(opened_hour)) AS opened_s,
    toInt64(toUnixTimestamp(closed_hour)) AS closed_s,
    toInt64(toUnixTimestamp(began)) AS began_s,
    toInt64(toUnixTimestamp(began_first)) AS began_first_s,
    toInt64(toUnixTimestamp(began_last)) AS began_last_s,
    bet, evidence, threshold, explanation
FROM drift_alarms FINAL
WHERE closed_hour = 0 OR closed_hour >= toDateTime({from_s:Int64}, 'UTC')
