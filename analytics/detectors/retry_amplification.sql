-- Every span of the traces that changed and in which something failed {errors_min} times below the same span, and
-- those of watched findings (id in 32 hex digits, and the project). As in loop.sql, the newest version is all of a trace.
WITH
    extractGroups(error_message, {wait:String}) AS asked_to_wait,
    touched AS
    (
        SELECT project, trace_id, max(version) AS newest
        FROM steps
        WHERE version > {changed_version:UInt64}
        GROUP BY project, trace_id
    ),
    wanted AS
    (
        SELECT DISTINCT project, trace_id
        FROM
        (
            SELECT project, trace_id
            FROM steps
            WHERE version > {changed_version:UInt64} AND status = 'error' AND kind != 'other'
                AND (project, trace_id, version) IN touched
            -- what a limit of rate refused may be called again from the agent's next turn
            GROUP BY
                project, trace_id, if(
                    kind = 'tool' AND match(concat(error_type, ' ', error_message), {limited:String}),
                    toFixedString('', 8), parent_span_id),
                kind, tool, model, name
            HAVING count() >= {errors_min:UInt32}
        )
        UNION ALL
        SELECT substring(place, 33), toFixedString(unhex(substring(place, 1, 32)), 16)
        FROM (SELECT arrayJoin({watched:Array(String)}) AS place)
    ),
    whole AS
    (
        SELECT project, trace_id, max(version) AS newest
        FROM steps
        WHERE (project, trace_id) IN wanted
        GROUP BY project, trace_id
    )
SELECT
    project,
    lower(hex(steps.trace_id)) AS trace_id,
    lower(hex(steps.span_id)) AS span_id,
    if(steps.parent_span_id = toFixedString('', 8), '', lower(hex(steps.parent_span_id))) AS parent_span_id,
    kind,
    name,
    agent,
    if(tool != '', tool, if(kind = 'llm', model, '')) AS called,
    tool_call_id,
    input_hash,
    output_hash,
    status = 'error' AS failed,
    error_type,
    failed AND match(concat(error_type, ' ', error_message), {limited:String}) AS limited,
    -- an hour at most: what comes from outside may say anything
    if(limited, least(3600., toFloat64OrZero(asked_to_wait[1])
        * transform(lower(asked_to_wait[2]), ['ms', 'milli', 'm', 'h'], [0.001, 0.001, 60., 3600.], 1.)), 0.) AS wait_s,
    toUnixTimestamp64Nano(start) AS start_ns,
    if(state = 'open', 0, toUnixTimestamp64Nano(end)) AS end_ns
FROM steps
WHERE (project, steps.trace_id) IN wanted AND (project, steps.trace_id, version) IN whole AND kind != 'other'
ORDER BY
    concat(trace_id, project) IN {watched:Array(String)} DESC,
    -- each project in its turn: one that has too many takes no room of the others
    dense_rank() OVER (PARTITION BY project ORDER BY steps.trace_id),
    project,
    trace_id,
    parent_span_id = '' DESC,
    start DESC,
    span_id
LIMIT {spans_max:UInt32} BY project, trace_id
LIMIT {rows_max:UInt32}
