-- In how many texts of a speaker in [from, until) each hash occurs, how many texts there were, and of how many traces.
SELECT
    sum(n) AS texts_n,
    sum(traces) AS traces_n,
    sumMap(hashes, texts) AS found
FROM drift_words
INNER JOIN
(
    SELECT project, hour, environment, agent, operation, subject, version, traces
    FROM drift_sketches
    WHERE project = {project:String}
        AND hour >= toDateTime({from_s:Int64}, 'UTC') AND hour < toDateTime({until_s:Int64}, 'UTC')
) AS sketches USING (project, hour, environment, agent, operation, subject, version)
WHERE project = {project:String}
    AND environment = {environment:String} AND agent = {agent:String}
    AND operation = {operation:String} AND subject = {subject:String}
    AND hour >= toDateTime({from_s:Int64}, 'UTC') AND hour < toDateTime({until_s:Int64}, 'UTC')
    AND (hour, version) IN (
        SELECT hour, max(version) FROM drift_words
        WHERE project = {project:String}
            AND hour >= toDateTime({from_s:Int64}, 'UTC') AND hour < toDateTime({until_s:Int64}, 'UTC')
        GROUP BY project, hour)
