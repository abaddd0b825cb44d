-- Every span of the traces that changed and in which something repeats: the same call, answer or hand-off by
-- the same agent at least {times_min} times. With them the traces of watched findings (id in 32 hex digits, and
-- the project). A trace is written whole under each version, so its newest version is all of it, and what
-- changed lies in few parts: nothing is looked up by random ids among all that is stored but the few that repeat.
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
    repeating AS
    (
        SELECT DISTINCT project, trace_id
        FROM
        (
            SELECT project, trace_id
            FROM steps
            WHERE version > {changed_version:UInt64}
                AND (project, trace_id, version) IN touched
                AND (handoff_to != '' OR kind = 'handoff' OR (
                    kind IN ('tool', 'agent', 'llm', 'message_send', 'message_process')
                    AND (output_hash != 0 OR (input_hash != 0 AND kind = 'tool'))))
            GROUP BY project, trace_id, kind, agent, tool, cityHash64(multiIf(
                kind = 'tool', if(input_hash != 0, input_hash, output_hash),
                kind = 'handoff' OR output_hash = 0, cityHash64(handoff_to),
                output_hash))
            HAVING count() >= {times_min:UInt32}
        )
    ),
    whole AS
    (
        SELECT project, trace_id, version, least(count(), {spans_max:UInt32}) AS spans
        FROM steps
        WHERE (project, trace_id) IN (SELECT * FROM repeating UNION ALL SELECT * FROM watched)
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
    ) AS left_out,
    wanted AS (SELECT project, trace_id, version FROM places WHERE place <= {rows_max:UInt32}),
    -- what came of a call as far as it is short: a preview has 200 characters at most
    answers AS
    (
        SELECT
            project AS answer_project,
            trace_id AS answer_trace,
            span_id AS answer_span,
            argMax(output_preview, (NOT open, end, received)) AS answer
        FROM spans
        WHERE (project, toStartOfHour(start), trace_id) IN (
                SELECT project, toStartOfHour(start), trace_id FROM steps WHERE (project, trace_id, version) IN wanted)
            AND kind IN ('tool', 'agent') AND output_hash != 0 AND lengthUTF8(output_preview) < 200
        GROUP BY project, trace_id, span_id
    )
SELECT
    project,
    lower(hex(steps.trace_id)) AS trace_id,
    lower(hex(steps.span_id)) AS span_id,
    if(steps.parent_span_id = toFixedString('', 8), '', lower(hex(steps.parent_span_id))) AS parent_span_id,
    kind,
    name,
    agent,
    tool,
    handoff_to,
    waiting_on,
    input_hash,
    output_hash,
    answer,
    failed,
    error_type,
    failed AND match(concat(error_type, ' ', error_message, ' ', payload_error), {limited:String}) AS limited,
    -- an hour at most: what comes from outside may say anything
    if(limited, least(3600., toFloat64OrZero(asked_to_wait[1])
        * transform(lower(asked_to_wait[2]), ['ms', 'milli', 'm', 'h'], [0.001, 0.001, 60., 3600.], 1.)), 0.) AS wait_s,
    toUnixTimestamp64Nano(start) AS start_ns,
    if(state = 'open', 0, toUnixTimestamp64Nano(end)) AS end_ns,
    depth,
    if(tokens_counted, ifNull(input_tokens, 0), 0) AS input_tokens,
    if(tokens_counted, ifNull(output_tokens, 0), 0) AS output_tokens,
    if(cost_counted, ifNull(cost_usd, 0), 0) AS cost_usd,
    left_out AS left_out_version
FROM steps
LEFT JOIN answers ON answer_project = project AND answer_trace = steps.trace_id AND answer_span = steps.span_id
WHERE (project, steps.trace_id, version) IN wanted
-- the root, which says whether the trace has ended, and then the newest
ORDER BY
    project,
    trace_id,
    parent_span_id = '' DESC,
    start DESC,
    span_id
LIMIT {spans_max:UInt32} BY project, trace_id
