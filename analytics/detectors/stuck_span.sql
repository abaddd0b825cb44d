-- Every span that was reported open and not ended, as it was last seen, and how busy its source is;
-- with them those of the watched ones (trace and span in 48 hex digits, and the project) that have ended.
-- With a wait for an agent: when the last run of that agent in its trace ended, if none is open.
-- Its source is the process that reports it. Of source and project: events in the last 30 s, and the
-- median of the 30-s bins of the hour before (empty bins count: a quiet source has no median).
WITH
    fromUnixTimestamp64Nano({now_ns:Int64} - 86400000000000, 'UTC') AS since,
    fromUnixTimestamp64Nano({now_ns:Int64} - 3630000000000, 'UTC') AS busy_since,
    watched_spans AS
    (
        SELECT
            substring(id, 49) AS project,
            toFixedString(unhex(substring(id, 1, 32)), 16) AS trace_id,
            toFixedString(unhex(substring(id, 33, 16)), 8) AS span_id
        FROM (SELECT arrayJoin({watched:Array(String)}) AS id)
    ),
    wanted AS
    (
        SELECT project, trace_id, span_id
        FROM
        (
            SELECT project, trace_id, span_id, min(first_seen) AS seen_first
            FROM open_spans
            WHERE observed >= since
            GROUP BY project, trace_id, span_id
            HAVING NOT max(ended)
            -- projects take turns: none takes the room of the others
            ORDER BY
                row_number() OVER (
                    PARTITION BY project
                    ORDER BY (project, trace_id, span_id) IN (watched_spans) DESC, seen_first, trace_id, span_id),
                project
            LIMIT {rows_max:UInt32}
        )
        UNION ALL
        -- what is watched is always read: not being there would mean that it is over
        SELECT project, trace_id, span_id
        FROM open_spans
        WHERE (project, trace_id, span_id) IN (watched_spans)
    ),
    latest AS
    (
        SELECT
            project,
            trace_id,
            span_id,
            max(ended) AS has_ended,
            argMax(parent_span_id, observed) AS parent,
            argMax(environment, observed) AS environment_now,
            argMax(service, observed) AS service_now,
            argMax(service_instance, observed) AS instance_now,
            argMax(agent_version, observed) AS version_now,
            argMax(name, observed) AS name_now,
            argMax(kind, observed) AS kind_now,
            argMax(agent, observed) AS agent_now,
            argMax(operation, observed) AS operation_now,
            argMax(tool, observed) AS tool_now,
            argMax(model, observed) AS model_now,
            argMax(start, observed) AS start_now,
            argMax(open_descendants, observed) AS descendants_now,
            argMax(waiting_on, observed) AS waiting_on_now,
            argMax(wait_reason, observed) AS wait_reason_now,
            min(first_seen) AS seen_first,
            max(observed) AS seen_last,
            max(last_progress) AS progress_last,
            max(heartbeats) AS heartbeats_now
        FROM open_spans
        -- as a condition, `IN (wanted)` would be worked out by one thread before anything is read
        INNER JOIN wanted USING (project, trace_id, span_id)
        WHERE observed >= since
        GROUP BY project, trace_id, span_id
    ),
    -- of agents that were reported open: one whose run was over before that is not known to have been there
    answered AS
    (
        SELECT project, trace_id, answering, max(ended_at) AS answered_at
        FROM
        (
            SELECT
                project,
                trace_id,
                argMax(agent, observed) AS answering,
                max(ended) AS has_ended,
                max(observed) AS ended_at
            FROM open_spans
            WHERE observed >= since AND kind = 'agent' AND agent != '' AND (project, trace_id) IN (
                SELECT project, trace_id FROM open_spans
                WHERE observed >= since AND kind = 'wait' AND wait_reason IN ('agent', '') AND NOT ended)
            GROUP BY project, trace_id, span_id
        )
        GROUP BY project, trace_id, answering
        HAVING min(has_ended)
    ),
    busy AS
    (
        SELECT
            project,
            service AS busy_service,
            service_instance AS busy_instance,
            is_project,
            sumIf(n, bin = 0) AS events,
            arrayReverseSort(groupArrayIf(n, bin BETWEEN 1 AND 120))[60] AS events_usual,
            max(newest) AS seen
        FROM
        (
            SELECT
                project,
                service,
                service_instance,
                grouping(service) = 1 AS is_project,
                intDiv({now_ns:Int64} - toUnixTimestamp64Nano(event), 30000000000) AS bin,
                count() AS n,
                max(event) AS newest
            FROM
            (
                SELECT project, service, service_instance, arrayJoin(arrayDistinct([first_seen, observed])) AS event
                FROM open_spans
                WHERE observed >= busy_since
            )
            WHERE event >= busy_since
            GROUP BY GROUPING SETS ((project, service, service_instance, bin), (project, bin))
        )
        GROUP BY project, service, service_instance, is_project
    ),
    sources AS
    (
        SELECT
            project,
            busy_service,
            busy_instance,
            is_project,
            events,
            events_usual,
            seen,
            maxIf(events, is_project) OVER (PARTITION BY project) AS project_events,
            maxIf(events_usual, is_project) OVER (PARTITION BY project) AS project_events_usual
        FROM busy
    )
SELECT
    latest.project AS project,
    lower(hex(latest.trace_id)) AS trace_id,
    lower(hex(latest.span_id)) AS span_id,
    if(parent = toFixedString('', 8), '', lower(hex(parent))) AS parent_span_id,
    has_ended AS ended,
    environment_now AS environment,
    service_now AS service,
    instance_now AS service_instance,
    version_now AS agent_version,
    name_now AS name,
    kind_now AS kind,
    agent_now AS agent,
    operation_now AS operation,
    tool_now AS tool,
    model_now AS model,
    toUnixTimestamp64Nano(start_now) AS start_ns,
    toUnixTimestamp64Nano(seen_first) AS first_seen_ns,
    toUnixTimestamp64Nano(seen_last) AS last_seen_ns,
    toUnixTimestamp64Nano(progress_last) AS last_progress_ns,
    descendants_now AS open_descendants,
    waiting_on_now AS waiting_on,
    wait_reason_now AS wait_reason,
    if(kind_now = 'wait', toUnixTimestamp64Nano(answered_at), 0) AS answered_ns,
    heartbeats_now AS heartbeats,
    toUnixTimestamp64Nano(seen) AS source_seen_ns,
    events AS source_events,
    events_usual AS source_events_usual,
    project_events,
    project_events_usual
FROM latest
LEFT JOIN (SELECT * FROM sources WHERE NOT is_project) AS source
    ON source.project = latest.project AND busy_service = service_now AND busy_instance = instance_now
LEFT JOIN answered
    ON answered.project = latest.project AND answered.trace_id = latest.trace_id AND answering = waiting_on_now
ORDER BY concat(trace_id, span_id, project) IN {watched:Array(String)} DESC, seen_first, trace_id, span_id, project
