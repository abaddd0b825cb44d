-- How the series of a project stand: what each is, what it is compared with, the last look at it of three days, and how many
-- calls the looks of a day and of these days had. An empty string is no filter, nor is series 0.
SELECT
    toString(series) AS number,
    environment,
    agent,
    operation,
    subject,
    metric,
    toInt64(toUnixTimestamp(learned_from)) AS from_s,
    toInt64(toUnixTimestamp(learned_until)) AS until_s,
    -- a pool is there once there are enough of them
    if((project, pool) IN (SELECT project, series FROM drift_references WHERE project = {project:String} AND learned_until > 0), pool, 0) AS pooled_as,
    looks.evidence_last AS evidence,
    looks.threshold_last AS threshold,
    looks.looked_s AS looked_s,
    looks.calls AS calls,
    looks.calls_lately AS calls_lately
FROM drift_references FINAL
LEFT JOIN
(
    SELECT
        project,
        series,
        argMax(evidence, hour) AS evidence_last,
        argMax(threshold, hour) AS threshold_last,
        toInt64(toUnixTimestamp(max(hour))) AS looked_s,
        sumIf(n, hour > toDateTime({now_s:Int64}, 'UTC') - toIntervalDay(1)) AS calls,
        sum(n) AS calls_lately
    FROM drift_looks FINAL
    WHERE project = {project:String} AND change = '' AND hour > toDateTime({now_s:Int64}, 'UTC') - toIntervalDay(3)
        AND ({series:UInt64} = 0 OR series = {series:UInt64})
    GROUP BY project, series
) AS looks USING (project, series)
WHERE project = {project:String}
    AND ({series:UInt64} = 0 OR series = {series:UInt64})
    AND ({environment:String} = '' OR environment = {environment:String})
    AND ({agent:String} = '' OR agent = {agent:String})
    AND ({metric:String} = '' OR metric = {metric:String})
    AND (
        {text:String} = ''
        OR arrayExists(
            word -> positionCaseInsensitiveUTF8(word, {text:String}) > 0, [agent, operation, subject, metric]))
ORDER BY calls DESC, series
LIMIT {rows_max:UInt32}
