-- Durations of the hours [from, to), summed per kind of work and bin: of each hour its newest count alone.
SELECT
    project,
    kind,
    agent,
    operation,
    tool,
    model,
    agent_version,
    groupArray(bin) AS bins,
    groupArray(ended_n) AS ended,
    groupArray(censored_n) AS censored
FROM
(
    SELECT
        project,
        kind,
        agent,
        operation,
        tool,
        model,
        agent_version,
        bin,
        sumIf(n, outcome = 'ended') AS ended_n,
        sumIf(n, outcome = 'censored') AS censored_n
    FROM duration_bins
    WHERE
        hour >= toDateTime({from_s:Int64}, 'UTC')
        AND hour < toDateTime({to_s:Int64}, 'UTC')
        AND (project, hour, version) IN (
            SELECT project, hour, max(version)
            FROM duration_bins
            WHERE hour >= toDateTime({from_s:Int64}, 'UTC') AND hour < toDateTime({to_s:Int64}, 'UTC')
            GROUP BY project, hour
        )
    GROUP BY project, kind, agent, operation, tool, model, agent_version, bin
)
GROUP BY project, kind, agent, operation, tool, model, agent_version
