-- How long what is open has been open, per kind of work and bin. A span with heartbeats is known to
-- be open until the last of them; of one without it is known until now, for its end would have come.
SELECT
    project,
    kind,
    agent,
    operation,
    tool,
    model,
    agent_version,
    groupArray(bin) AS bins,
    groupArray(n) AS censored
FROM
(
    SELECT
        project,
        kind_now AS kind,
        agent_now AS agent,
        operation_now AS operation,
        tool_now AS tool,
        model_now AS model,
        version_now AS agent_version,
        toInt16(floor(log(greatest((known_ns - opened_ns) / 1e9, 0.001)) / log(1.05))) AS bin,
        count() AS n
    FROM
    (
        SELECT
            project,
            argMax(kind, observed) AS kind_now,
            argMax(agent, observed) AS agent_now,
            argMax(operation, observed) AS operation_now,
            argMax(tool, observed) AS tool_now,
            argMax(model, observed) AS model_now,
            argMax(agent_version, observed) AS version_now,
            toUnixTimestamp64Nano(min(first_seen)) AS seen_ns,
            toUnixTimestamp64Nano(argMax(start, observed)) AS start_ns,
            greatest(least(start_ns, seen_ns), seen_ns - 5000000000) AS opened_ns,
            if(max(heartbeats) >= 2, toUnixTimestamp64Nano(max(observed)), {now_ns:Int64}) AS known_ns
        FROM open_spans
        WHERE
            observed >= fromUnixTimestamp64Nano({now_ns:Int64} - 86400000000000, 'UTC')
            AND (project, trace_id, span_id) IN (
                SELECT project, trace_id, span_id
                FROM open_spans
                WHERE observed >= fromUnixTimestamp64Nano({now_ns:Int64} - 86400000000000, 'UTC')
                GROUP BY project, trace_id, span_id
                HAVING NOT max(ended)
            )
        GROUP BY project, trace_id, span_id
    )
    GROUP BY project, kind, agent, operation, tool, model, agent_version, bin
)
GROUP BY project, kind, agent, operation, tool, model, agent_version
