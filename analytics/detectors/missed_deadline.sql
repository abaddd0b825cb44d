-- Spans that say how long they may take (`doldrums.wait.timeout_s`) and have not ended in it: open ones, with what is
-- open in the same traces, and those that ended since the last look, or that are watched (trace and span in 48 hex
-- digits, and the project), too late.
WITH
    watched AS
    (
        SELECT
            substring(id, 49),
            toFixedString(unhex(substring(id, 1, 32)), 16),
            toFixedString(unhex(substring(id, 33, 16)), 8)
        FROM (SELECT arrayJoin({watched:Array(String)}) AS id)
    ),
    latest AS
    (
        SELECT
            project,
            trace_id,
            span_id,
            max(ended) AS has_ended,
            argMax(parent_span_id, observed) AS parent,
            argMax(service, observed) AS service_now,
            argMax(service_instance, observed) AS instance_now,
            argMax(name, observed) AS name_now,
            argMax(kind, observed) AS kind_now,
            argMax(agent, observed) AS agent_now,
            argMax(tool, observed) AS tool_now,
            argMax(model, observed) AS model_now,
            argMax(start, observed) AS start_now,
            argMax(waiting_on, observed) AS waiting_on_now,
            argMax(wait_reason, observed) AS wait_reason_now,
            argMax(ifNull(wait_timeout_s, 0), observed) AS timeout_s,
            min(first_seen) AS seen_first,
            max(observed) AS seen_last
        FROM open_spans
        WHERE observed >= fromUnixTimestamp64Nano({now_ns:Int64} - 86400000000000, 'UTC')
            AND (project, trace_id) IN (
                SELECT project, trace_id FROM open_spans
                WHERE observed >= fromUnixTimestamp64Nano({now_ns:Int64} - 86400000000000, 'UTC')
                    AND wait_timeout_s > 0
                GROUP BY project, trace_id, span_id
                -- it began so long before it was first seen, at most
                HAVING NOT max(ended)
                    AND toUnixTimestamp64Nano(min(first_seen)) + least(max(wait_timeout_s), 1e9) * 1e9
                        < {now_ns:Int64} + {delay_ns:Int64})
        GROUP BY project, trace_id, span_id
    ),
    late AS
    (
        SELECT *
        FROM steps
        WHERE _partition_value.1 + 8 > fromUnixTimestamp64Nano({late_since_ns:Int64}, 'UTC')
            AND (version > {changed_version:UInt64} OR (project, trace_id, span_id) IN watched)
            AND wait_timeout_s > 0 AND state != 'open'
            AND duration_s > wait_timeout_s * {late_ratio:Float64} + {late_s:Float64}
            AND end >= fromUnixTimestamp64Nano({late_since_ns:Int64}, 'UTC')
            -- what was reported open was looked at while it was
            AND (project, trace_id, span_id) NOT IN (
                SELECT project, trace_id, span_id FROM open_spans WHERE wait_timeout_s > 0)
        ORDER BY version DESC
        LIMIT 1 BY project, trace_id, span_id
    )
SELECT *
FROM
(
    SELECT
        project,
        lower(hex(trace_id)) AS trace,
        lower(hex(span_id)) AS span,
        if(parent = toFixedString('', 8), '', lower(hex(parent))) AS parent_span,
        service_now AS service,
        instance_now AS service_instance,
        name_now AS name,
        kind_now AS kind,
        agent_now AS agent,
        tool_now AS tool,
        model_now AS model,
        toUnixTimestamp64Nano(start_now) AS start_ns,
        0 AS end_ns,
        waiting_on_now AS waiting_on,
        wait_reason_now AS wait_reason,
        timeout_s,
        toUnixTimestamp64Nano(seen_first) AS first_seen_ns,
        toUnixTimestamp64Nano(seen_last) AS last_seen_ns
    FROM latest
    WHERE NOT has_ended
    UNION ALL
    SELECT
        project,
        lower(hex(trace_id)),
        lower(hex(span_id)),
        '',
        service,
        service_instance,
        name,
        kind,
        agent,
        tool,
        model,
        toUnixTimestamp64Nano(start),
        toUnixTimestamp64Nano(end),
        waiting_on,
        wait_reason,
        ifNull(wait_timeout_s, 0),
        toUnixTimestamp64Nano(start),
        toUnixTimestamp64Nano(end)
    FROM late
)
-- projects take turns, what is watched of each first: none takes the room of the others
ORDER BY
    row_number() OVER (
        PARTITION BY project
        ORDER BY
            concat(trace, span, project) IN {watched:Array(String)} DESC,
            timeout_s > 0 DESC,
            first_seen_ns,
            trace,
            span),
    project
LIMIT {rows_max:UInt32}
