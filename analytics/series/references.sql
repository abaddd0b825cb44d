-- What every series is compared with, or those that are watched together as {pool:UInt64}; 0 is no filter.
SELECT
    project, series, environment, agent, operation, subject, metric, base64Encode(reference) AS reference,
    toInt64(toUnixTimestamp(learned_from)) AS from_s,
    toInt64(toUnixTimestamp(learned_until)) AS until_s,
    base64Encode(usual) AS stored_usual,
    toInt64(toUnixTimestamp(usual_until)) AS usual_until_s,
    pool,
    toInt64(toUnixTimestamp(tallied_until)) AS tallied_until_s,
    day_calls,
    day_traces
FROM drift_references FINAL
WHERE {pool:UInt64} = 0 OR (project = {project:String} AND pool = {pool:UInt64})
