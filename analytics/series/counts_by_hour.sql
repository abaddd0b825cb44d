-- Counts of series in [from, until) by the hour and by what was counted: the bin of a number, the CRC-32 of a category's
-- name. Of an hour that was counted again the last count holds. An empty string, or an empty list, is no filter.
SELECT
    project,
    sipHash64(environment, agent, operation, subject, metric) AS series,
    toInt64(toUnixTimestamp(hour)) AS hour_s,
    if(category = '', toInt64(bin), toInt64(CRC32(category))) AS item,
    toFloat64(sum(n)) AS calls
FROM drift_counts
WHERE hour >= toDateTime({from_s:Int64}, 'UTC') AND hour < toDateTime({until_s:Int64}, 'UTC')
    AND (project, hour, version) IN (
        SELECT project, hour, max(version) FROM drift_counts
        WHERE hour >= toDateTime({from_s:Int64}, 'UTC') AND hour < toDateTime({until_s:Int64}, 'UTC')
            AND ({project:String} = '' OR project = {project:String})
        GROUP BY project, hour)
    AND n > 0
    AND ({project:String} = '' OR project = {project:String})
    AND ({environment:String} = '*' OR environment = {environment:String})
    AND ({agent_version:String} = '*' OR agent_version = {agent_version:String})
    AND ({metric:String} = '' OR metric = {metric:String})
    AND (empty({series:Array(UInt64)}) OR series IN {series:Array(UInt64)})
GROUP BY project, series, hour_s, item
ORDER BY project, series, hour_s, item
