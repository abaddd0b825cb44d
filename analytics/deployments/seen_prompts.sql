-- Prompts and sets of tools of agents that were first seen in [from, until), and in traces enough to be no chance, where the
-- agent had others since a day before; with the one that it was seen with last before. An agent of which new ones are seen
-- all the time has prompts that are made up as it runs: of those none is told.
WITH
    known AS
    (
        SELECT
            project, environment, agent, what, fingerprint,
            toInt64(toUnixTimestamp(min(hour))) AS first_s,
            uniqExactArray(some_traces) AS traces_n,
            groupUniqArray(toInt64(toUnixTimestamp(hour))) AS hours
        FROM prompt_fingerprints
        WHERE project = {project:String} AND hour >= toDateTime({known_s:Int64}, 'UTC')
            AND ({environment:String} = '' OR environment = {environment:String})
            -- what the newest count of an hour has
            AND (project, hour, version) IN (
                SELECT project, hour, max(version) FROM prompt_fingerprints
                WHERE project = {project:String} AND hour >= toDateTime({known_s:Int64}, 'UTC')
                GROUP BY project, hour)
        GROUP BY project, environment, agent, what, fingerprint
    ),
    new AS
    (
        SELECT
            project, environment, agent, what, fingerprint, first_s,
            count() OVER (PARTITION BY project, environment, agent, what ORDER BY first_s RANGE BETWEEN 86399 PRECEDING AND CURRENT ROW) AS of_day,
            count() OVER (PARTITION BY project, environment, agent, what ORDER BY first_s RANGE BETWEEN 604799 PRECEDING AND CURRENT ROW) AS of_week
        FROM (SELECT *, min(first_s) OVER (PARTITION BY project, environment, agent, what) AS agent_s FROM known)
        WHERE first_s >= agent_s + 86400 AND traces_n >= {traces_min:UInt32}
    )
SELECT
    new.environment AS environment,
    new.agent AS agent,
    new.what AS what,
    new.fingerprint AS fingerprint,
    new.first_s AS hour_s,
    argMax(before.fingerprint, (before.hour_s, before.traces_n, before.fingerprint)) AS fingerprint_before,
    max(before.hour_s) AS before_s
FROM new
INNER JOIN (SELECT project, environment, agent, what, fingerprint, traces_n, arrayJoin(hours) AS hour_s FROM known) AS before
    USING (project, environment, agent, what)
WHERE new.of_day <= {day_max:UInt32} AND new.of_week <= {week_max:UInt32}
    AND new.first_s >= intDiv({from_ns:Int64}, 1000000000) AND new.first_s < intDiv({until_ns:Int64}, 1000000000)
    AND before.hour_s < new.first_s
GROUP BY new.project, new.environment, new.agent, new.what, new.fingerprint, new.first_s
ORDER BY hour_s DESC, environment, agent, what, fingerprint
LIMIT {rows_max:UInt32}
