-- Calls that may change something outside and were made again with the same arguments, in the same session, or in the same
-- trace where there is none, within the last hour: those of which one was written since {changed_version:UInt64}, and those of
-- watched findings (id of a trace in 32 hex digits, and the project). Of arguments and answers, how they begin.
WITH
    watched AS
    (
        SELECT substring(place, 33) AS project, toFixedString(unhex(substring(place, 1, 32)), 16) AS trace_id
        FROM (SELECT arrayJoin({watched:Array(String)}) AS place)
    ),
    -- what was called lately: most of an hour's calls are not read for the rest
    moved AS
    (
        SELECT input_hash
        FROM steps
        WHERE version > {since:UInt64}
            AND (version > {changed_version:UInt64} OR (project, trace_id) IN (watched)) AND kind = 'tool'
            AND input_hash != 0 AND match(tool, {mutating:String}) AND NOT match(tool, {reading:String})
    ),
    calls AS
    (
        SELECT
            project, trace_id, span_id, parent_span_id, version, agent, tool, input_hash, output_hash, status, state,
            error_type, error_message, payload_error, failed, start, end,
            if(session != '', session, lower(hex(trace_id))) AS scope
        FROM steps
        WHERE version > {since:UInt64} AND kind = 'tool' AND input_hash IN (moved)
            AND match(tool, {mutating:String}) AND NOT match(tool, {reading:String})
        ORDER BY version DESC
        LIMIT 1 BY project, trace_id, span_id
    ),
    again AS
    (
        SELECT
            project, scope, tool, input_hash,
            max(version) AS newest,
            countIf((project, trace_id) IN (watched)) AS is_watched
        FROM calls
        GROUP BY project, scope, tool, input_hash
        HAVING count() > 1 AND (newest > {changed_version:UInt64} OR is_watched)
        -- projects take turns, what is watched and the latest first
        ORDER BY
            row_number() OVER (PARTITION BY project ORDER BY is_watched > 0 DESC, newest DESC, scope, tool, input_hash),
            project
        LIMIT {groups_max:UInt32}
    ),
    texts AS
    (
        SELECT
            project AS text_project,
            trace_id AS text_trace,
            span_id AS text_span,
            argMax(input_preview, (NOT open, end, received)) AS arguments,
            argMax(output_preview, (NOT open, end, received)) AS answer
        FROM spans
        WHERE (project, toStartOfHour(start), trace_id) IN (
                SELECT project, toStartOfHour(start), trace_id FROM calls
                WHERE (project, scope, tool, input_hash) IN (SELECT project, scope, tool, input_hash FROM again))
            AND kind = 'tool'
        GROUP BY project, trace_id, span_id
    )
SELECT
    project,
    scope,
    tool,
    input_hash,
    lower(hex(calls.trace_id)) AS trace_id,
    lower(hex(calls.span_id)) AS span_id,
    lower(hex(calls.parent_span_id)) AS parent_span_id,
    agent,
    output_hash,
    arguments,
    answer,
    failed,
    failed AND match(concat(error_type, ' ', error_message, ' ', payload_error), {unsure:String}) AS unsure,
    if(error_type = '' AND failed, payload_error, error_type) AS error_type,
    toUnixTimestamp64Nano(start) AS start_ns,
    if(state = 'open', 0, toUnixTimestamp64Nano(end)) AS end_ns
FROM calls
LEFT JOIN texts ON text_project = project AND text_trace = calls.trace_id AND text_span = calls.span_id
WHERE (project, scope, tool, input_hash) IN (SELECT project, scope, tool, input_hash FROM again)
ORDER BY project, scope, tool, input_hash, start, span_id
LIMIT {calls_max:UInt32} BY project, scope, tool, input_hash
