-- Who said something in [from, until), by the basis that it was sketched on, and how many texts. An agent of '' is every one;
-- other filters as in sketches_by_hour.sql.
SELECT
    project,
    sipHash64(environment, agent, operation, subject, {content:String}) AS series,
    environment,
    agent,
    operation,
    subject,
    {content:String} AS metric,
    basis,
    sum(n) AS texts
FROM drift_sketches
WHERE hour >= toDateTime({from_s:Int64}, 'UTC') AND hour < toDateTime({until_s:Int64}, 'UTC')
    AND (project, hour, version) IN (
        SELECT project, hour, max(version) FROM drift_sketches
        WHERE hour >= toDateTime({from_s:Int64}, 'UTC') AND hour < toDateTime({until_s:Int64}, 'UTC')
            AND ({project:String} = '' OR project = {project:String})
        GROUP BY project, hour)
    AND length(sums) = {size:UInt16}
    AND ({project:String} = '' OR project = {project:String})
    AND ({environment:String} = '*' OR environment = {environment:String})
    AND ({agent:String} = '' OR agent = {agent:String})
GROUP BY project, series, environment, agent, operation, subject, basis
