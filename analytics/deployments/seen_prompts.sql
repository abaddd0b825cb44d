-- Prompts and sets of tools of agents that were first seen in [from, until), and in traces enough to be no chance, where the
-- agent had others before; with their parts, and the parts of the one that it had most in the week before. An agent of which
-- new ones are seen all the time has prompts that are made up as it runs: of those none is told.
WITH
    known AS
    (
        SELECT *
        FROM prompt_fingerprints FINAL
        WHERE project = {project:String} AND hour >= toDateTime({known_s:Int64}, 'UTC')
            AND ({environment:String} = '' OR environment = {environment:String})
    ),
    new AS
    (
        SELECT
            *,
            count() OVER (PARTITION BY project, environment, agent, what ORDER BY first_s RANGE BETWEEN 86399 PRECEDING AND CURRENT ROW) AS of_day,
            count() OVER (PARTITION BY project, environment, agent, what ORDER BY first_s RANGE BETWEEN 604799 PRECEDING AND CURRENT ROW) AS of_week
        FROM
        (
            SELECT
                project, environment, agent, what, fingerprint, toInt64(toUnixTimestamp(min(hour))) AS first_s, sum(traces) AS traces_n,
                argMax(part_names, version) AS names, argMax(part_hashes, version) AS hashes,
                min(first_s) OVER (PARTITION BY project, environment, agent, what) AS agent_s
            FROM known
            GROUP BY project, environment, agent, what, fingerprint
        )
        WHERE first_s > agent_s AND traces_n >= {traces_min:UInt32}
    )
SELECT
    new.environment AS environment,
    new.agent AS agent,
    new.what AS what,
    new.fingerprint AS fingerprint,
    new.first_s AS hour_s,
    any(new.names) AS names,
    any(new.hashes) AS hashes,
    argMax(before.names, before.traces_n) AS names_before,
    argMax(before.hashes, before.traces_n) AS hashes_before,
    -- an hour in which the one before was asked with
    argMax(before.from_s, before.traces_n) AS before_s
FROM new
INNER JOIN
(
    SELECT
        project, environment, agent, what, fingerprint, toStartOfDay(hour) AS day, sum(traces) AS traces_n,
        toInt64(toUnixTimestamp(min(hour))) AS from_s, argMax(part_names, version) AS names, argMax(part_hashes, version) AS hashes
    FROM known
    GROUP BY project, environment, agent, what, fingerprint, day
) AS before USING (project, environment, agent, what)
WHERE new.of_day <= {day_max:UInt32} AND new.of_week <= {week_max:UInt32}
    AND new.first_s >= intDiv({from_ns:Int64}, 1000000000) AND new.first_s < intDiv({until_ns:Int64}, 1000000000)
    AND before.from_s < new.first_s AND before.from_s >= new.first_s - 7 * 86400
GROUP BY new.project, new.environment, new.agent, new.what, new.fingerprint, new.first_s
ORDER BY hour_s DESC, environment, agent, what, fingerprint
LIMIT {rows_max:UInt32}
