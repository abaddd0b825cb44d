-- The spans of a trace in the order in which they ended, what is open last.
SELECT
    lower(hex(steps.span_id)) AS span_id,
    if(steps.parent_span_id = toFixedString('', 8), '', lower(hex(steps.parent_span_id))) AS parent_span_id,
    if(agent != '', agent, if(kind IN ('agent', 'workflow'), name, '')) AS agent,
    kind,
    tool,
    toBool(status = 'error' AND state != 'cancelled' AND wait_reason != 'human') AS failed,
    if(failed, trim(concat(error_type, ' ', error_message)), '') AS error,
    -- at which it becomes bad that something wrong got there
    multiIf(
        failed OR payload_error NOT IN ('', 'empty'), 'failed',
        kind = 'tool' AND match(tool, {mutating:String}) AND NOT match(tool, {reading:String}), 'acted',
        parent_span_id = '', 'answered',
        '') AS outcome,
    broken.breaks AS breaks
FROM steps FINAL
LEFT JOIN
(
    SELECT
        project,
        trace_id,
        span_id,
        arrayDistinct(arrayFlatten(groupArray(arrayMap(
            one -> (source, side, concat(one.path, ', ', one.cause, ': ', one.expected, ' expected')), violations)))) AS breaks
    FROM contract_calls FINAL
    WHERE project = {project:String} AND trace_id = unhex({trace_id:String}) AND outcome = 'broken'
    GROUP BY project, trace_id, span_id
) AS broken USING (project, trace_id, span_id)
WHERE project = {project:String} AND trace_id = unhex({trace_id:String})
ORDER BY state = 'open', end, start DESC, span_id
LIMIT {spans_max:UInt32}
