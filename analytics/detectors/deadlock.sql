-- Open spans as they were last seen, of traces in which something says that it waits or holds a lock, and
-- the agents of all others, whom those may wait for. With them those of the watched findings (trace and
-- span in 48 hex digits, and the project) that have ended, and how. Whole traces in the order of their age, projects
-- in turns: a trace has its turn when `turn` spans of its project are read, those of watched findings first.
WITH
    fromUnixTimestamp64Nano({now_ns:Int64} - 86400000000000, 'UTC') AS since,
    watched_spans AS
    (
        SELECT
            substring(id, 49) AS project,
            toFixedString(unhex(substring(id, 1, 32)), 16) AS trace_id,
            toFixedString(unhex(substring(id, 33, 16)), 8) AS span_id
        FROM (SELECT arrayJoin({watched:Array(String)}) AS id)
    ),
    told AS
    (
        SELECT
            project,
            trace_id,
            if(max(tells), groupArray(span_id), groupArrayIf(span_id, is_agent)) AS span_ids,
            min(seen_first) AS trace_seen_first
        FROM
        (
            SELECT
                project,
                trace_id,
                span_id,
                max(kind IN ('agent', 'workflow') AND agent != '') AS is_agent,
                max(kind = 'wait' OR holds != '' OR (kind IN ('tool', 'handoff')
                    AND (handoff_to != '' OR match(tool, {asking:String})))) AS tells,
                min(first_seen) AS seen_first
            FROM open_spans
            WHERE observed >= since
            GROUP BY project, trace_id, span_id
            HAVING NOT max(ended)
        )
        GROUP BY project, trace_id
        HAVING notEmpty(span_ids)
    ),
    wanted AS
    (
        SELECT project, trace_id, arrayJoin(span_ids) AS span_id, turn
        FROM
        (
            SELECT
                project,
                trace_id,
                span_ids,
                sum(length(span_ids)) OVER (
                    PARTITION BY project
                    ORDER BY
                        (project, trace_id) IN (SELECT project, trace_id FROM watched_spans) DESC,
                        trace_seen_first,
                        trace_id
                    ROWS UNBOUNDED PRECEDING) AS turn
            FROM told
        )
        ORDER BY turn, project, trace_id
        LIMIT {rows_max:UInt32}
        UNION ALL
        -- no room is needed for those
        SELECT project, trace_id, span_id, 0 AS turn FROM watched_spans
    ),
    latest AS
    (
        SELECT
            project,
            trace_id,
            span_id,
            max(turn) AS turn_now,
            max(ended) AS has_ended,
            argMax(parent_span_id, observed) AS parent,
            argMax(environment, observed) AS environment_now,
            argMax(name, observed) AS name_now,
            argMax(kind, observed) AS kind_now,
            argMax(agent, observed) AS agent_now,
            argMax(agent_id, observed) AS agent_id_now,
            argMax(tool, observed) AS tool_now,
            argMax(session, observed) AS session_now,
            argMax(start, observed) AS start_now,
            argMax(open_descendants, observed) AS descendants_now,
            argMax(handoff_to, observed) AS handoff_to_now,
            argMax(waiting_on, observed) AS waiting_on_now,
            argMax(wait_reason, observed) AS wait_reason_now,
            argMax(wait_resource, observed) AS wait_resource_now,
            argMax(tuple(wait_needed), observed).1 AS wait_needed_now,
            argMax(tuple(wait_timeout_s), observed).1 AS wait_timeout_s_now,
            argMax(holds, observed) AS holds_now,
            argMax(tuple(holds_capacity), observed).1 AS holds_capacity_now,
            min(first_seen) AS seen_first,
            max(observed) AS seen_last,
            max(heartbeats) AS heartbeats_now
        FROM open_spans
        INNER JOIN wanted USING (project, trace_id, span_id)
        WHERE observed >= since
        GROUP BY project, trace_id, span_id
    ),
    heard AS
    (
        SELECT project, max(at) AS project_seen
        FROM
        (
            SELECT project, max(observed) AS at
            FROM open_spans
            WHERE observed >= since
            GROUP BY project
            UNION ALL
            -- what ends before it is reported open is in no other table that tells when it came; asked where a
            -- ring is told alone, for only that may outlast a gap. Segments have ids by the time they were begun.
            SELECT project, max(received) AS at
            FROM spans
            WHERE project IN (SELECT project FROM watched_spans)
                AND received_day >= toDate(fromUnixTimestamp64Nano({gap_since_ns:Int64}, 'UTC'))
                AND segment >= {gap_since_segment:String}
                AND received BETWEEN fromUnixTimestamp64Nano({gap_since_ns:Int64}, 'UTC')
                    AND fromUnixTimestamp64Nano({now_ns:Int64}, 'UTC')
            GROUP BY project
        )
        GROUP BY project
    ),
    how_ended AS
    (
        SELECT project, trace_id, span_id, end, state, error_type
        FROM steps
        WHERE (project, trace_id, span_id) IN (watched_spans)
        ORDER BY version DESC
        LIMIT 1 BY project, trace_id, span_id
    )
SELECT
    latest.project AS project,
    lower(hex(latest.trace_id)) AS trace_id,
    lower(hex(latest.span_id)) AS span_id,
    if(parent = toFixedString('', 8), '', lower(hex(parent))) AS parent_span_id,
    has_ended AS ended,
    environment_now AS environment,
    name_now AS name,
    kind_now AS kind,
    agent_now AS agent,
    agent_id_now AS agent_id,
    tool_now AS tool,
    session_now AS session,
    toUnixTimestamp64Nano(start_now) AS start_ns,
    toUnixTimestamp64Nano(seen_first) AS first_seen_ns,
    toUnixTimestamp64Nano(seen_last) AS last_seen_ns,
    heartbeats_now AS heartbeats,
    descendants_now AS open_descendants,
    handoff_to_now AS handoff_to,
    substring(waiting_on_now, 1, {text_bytes_max:UInt32}) AS waiting_on,
    wait_reason_now AS wait_reason,
    wait_resource_now AS wait_resource,
    wait_needed_now AS wait_needed,
    wait_timeout_s_now AS wait_timeout_s,
    holds_now AS holds,
    holds_capacity_now AS holds_capacity,
    toUnixTimestamp64Nano(project_seen) AS project_seen_ns,
    if(has_ended, toUnixTimestamp64Nano(how_ended.end), 0) AS end_ns,
    if(has_ended, how_ended.state, '') AS end_state,
    if(has_ended, how_ended.error_type, '') AS error_type
FROM latest
LEFT JOIN heard ON heard.project = latest.project
LEFT JOIN how_ended
    ON how_ended.project = latest.project AND how_ended.trace_id = latest.trace_id
    AND how_ended.span_id = latest.span_id
ORDER BY turn_now, project, trace_id, span_id
