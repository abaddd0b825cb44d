-- The spans of a trace that data flow is looked for in, in order of their start; `spans_total` counts all of them.
SELECT
    lower(hex(steps.span_id)) AS span_id,
    if(steps.parent_span_id = toFixedString('', 8), '', lower(hex(steps.parent_span_id))) AS parent_span_id,
    agent,
    kind,
    tool,
    failed,
    if(tool_call_id != '' AND kind = 'tool', tool_call_id, '') AS call_id,
    toUnixTimestamp64Nano(start) AS start_ns,
    if(state = 'open', 0, toUnixTimestamp64Nano(end)) AS end_ns,
    count() OVER () AS spans_total
FROM steps
WHERE project = {project:String} AND trace_id = unhex({trace_id:String})
    -- a trace is written whole under each version: other weeks are left out, of which FINAL would merge every one
    AND version = (SELECT max(version) FROM steps WHERE project = {project:String} AND trace_id = unhex({trace_id:String}))
ORDER BY start, span_id
LIMIT {spans_max:UInt32}
