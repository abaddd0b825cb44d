-- Sketches of what speakers said in [from, until), by the hour: sums over a sample of texts. Of an hour that was counted again
-- the last count holds; sketches on another basis do not add up with these. An empty string, or an empty list, is no filter.
SELECT
    project,
    sipHash64(environment, agent, operation, subject, {content:String}) AS series,
    environment,
    agent,
    operation,
    subject,
    {content:String} AS metric,
    toInt64(toUnixTimestamp(hour)) AS hour_s,
    toFloat64(n) AS texts,
    toFloat64(traces) AS traces,
    sums
FROM drift_sketches
WHERE hour >= toDateTime({from_s:Int64}, 'UTC') AND hour < toDateTime({until_s:Int64}, 'UTC')
    AND (project, hour, version) IN (
        SELECT project, hour, max(version) FROM drift_sketches
        WHERE hour >= toDateTime({from_s:Int64}, 'UTC') AND hour < toDateTime({until_s:Int64}, 'UTC')
            AND ({project:String} = '' OR project = {project:String})
        GROUP BY project, hour)
    AND basis = {basis:UInt16}
    AND length(sums) = {size:UInt16}
    AND ({project:String} = '' OR project = {project:String})
    AND ({environment:String} = '*' OR environment = {environment:String})
    AND (empty({series:Array(UInt64)}) OR series IN {series:Array(UInt64)})
ORDER BY project, series, hour_s
