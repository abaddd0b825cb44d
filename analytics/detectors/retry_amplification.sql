-- Every span of the traces that changed and in which something failed {errors_min} times below the same span, and
-- those of watched findings (id in 32 hex digits, and the project). As in loop.sql, the newest version is all of a trace.
WITH
    extractGroups(error_message, {wait:String}) AS asked_to_wait,
    watched AS
    (
        SELECT substring(place, 33) AS project, toFixedString(unhex(substring(place, 1, 32)), 16) AS trace_id
        FROM (SELECT arrayJoin({watched:Array(String)}) AS place)
    ),
    touched AS
    (
        SELECT project, trace_id, max(version) AS newest
        FROM steps
        WHERE version > {changed_version:UInt64}
        GROUP BY project, trace_id
    ),
    failing AS
    (
        SELECT DISTINCT project, trace_id
        FROM
        (
            SELECT project, trace_id
            FROM steps
            WHERE version > {changed_version:UInt64} AND failed AND kind != 'other'
                AND (project, trace_id, version) IN touched
            -- what a limit of rate refused may be called again from the agent's next turn
            GROUP BY
                project, trace_id, if(
                    kind = 'tool' AND match(concat(error_type, ' ', error_message, ' ', payload_error), {limited:String}),
                    toFixedString('', 8), parent_span_id),
                kind, tool, model, name
            HAVING count() >= {errors_min:UInt32}
        )
    ),
    whole AS
    (
        SELECT project, trace_id, version, least(countIf(kind != 'other'), {spans_max:UInt32}) AS spans
        FROM steps
        WHERE (project, trace_id) IN (SELECT * FROM failing UNION ALL SELECT * FROM watched)
        GROUP BY project, trace_id, version
        ORDER BY version DESC
        LIMIT 1 BY project, trace_id
    ),
    -- projects take turns, a trace when as many spans of its project are read: what is watched, then what changed first
    turns AS
    (
        SELECT
            *,
            (project, trace_id) IN (watched) AS is_watched,
            sum(spans) OVER (
                PARTITION BY project ORDER BY is_watched DESC, version, trace_id ROWS UNBOUNDED PRECEDING) AS turn
        FROM whole
    ),
    places AS
    (
        SELECT *, sum(spans) OVER (ORDER BY turn, project, trace_id ROWS UNBOUNDED PRECEDING) AS place
        FROM turns
    ),
    -- what is watched is read again in any case
    (
        SELECT min(if(is_watched, bitNot(toUInt64(0)), version)) FROM places WHERE place > {rows_max:UInt32}
    ) AS left_out
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
    failed,
    error_type,
    failed AND match(concat(error_type, ' ', error_message, ' ', payload_error), {limited:String}) AS limited,
    -- an hour at most: what comes from outside may say anything
    if(limited, least(3600., toFloat64OrZero(asked_to_wait[1])
        * transform(lower(asked_to_wait[2]), ['ms', 'milli', 'm', 'h'], [0.001, 0.001, 60., 3600.], 1.)), 0.) AS wait_s,
    toUnixTimestamp64Nano(start) AS start_ns,
    if(state = 'open', 0, toUnixTimestamp64Nano(end)) AS end_ns,
    left_out AS left_out_version
FROM steps
WHERE (project, steps.trace_id, version) IN (
    SELECT project, trace_id, version FROM places WHERE place <= {rows_max:UInt32})
    AND kind != 'other'
ORDER BY
    project,
    trace_id,
    parent_span_id = '' DESC,
    start DESC,
    span_id
LIMIT {spans_max:UInt32} BY project, trace_id
