-- Series that drift, those that drifted first to begin with.
SELECT
    project, series, environment, agent, operation, subject, metric,
    toUnixTimestamp(began) AS began_s,
    toUnixTimestamp(opened_hour) AS opened_s,
    change, evidence, threshold,
    substring(explanation, 1, {explanation_max:UInt32}) AS explanation
FROM drift_alarms FINAL
WHERE closed_hour = 0
ORDER BY opened_hour, project, series
LIMIT {share_max:UInt32} BY project
LIMIT {rows_max:UInt32}
