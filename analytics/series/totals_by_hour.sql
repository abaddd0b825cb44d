-- Of series in [from, until) by the hour: their names, how many calls, and of how many traces. Filters as in
-- counts_by_hour.sql.
SELECT
    project,
    sipHash64(environment, agent, operation, subject, metric) AS series,
    environment,
    agent,
    operation,
    subject,
    metric,
    toInt64(toUnixTimestamp(hour)) AS hour_s,
    toFloat64(sum(n)) AS calls,
    toFloat64(sum(traces)) AS traces
FROM drift_counts
WHERE hour >= toDateTime({from_s:Int64}, 'UTC') AND hour < toDateTime({until_s:Int64}, 'UTC')
    AND (project, hour, version) IN (
        SELECT project, hour, max(version) FROM drift_counts
        WHERE hour >= toDateTime({from_s:Int64}, 'UTC') AND hour < toDateTime({until_s:Int64}, 'UTC')
            AND ({project:String} = '' OR project = {project:String})
        GROUP BY project, hour)
    AND ({project:String} = '' OR project = {project:String})
    AND ({environment:String} = '*' OR environment = {environment:String})
    AND ({agent_version:String} = '*' OR agent_version = {agent_version:String})
    AND ({metric:String} = '' OR metric = {metric:String})
    AND (empty({series:Array(UInt64)}) OR series IN {series:Array(UInt64)})
GROUP BY project, series, environment, agent, operation, subject, metric, hour_s
ORDER BY project, series, hour_s
