-- The spans that an error went through in one trace.
SELECT
    lower(hex(steps.span_id)) AS span_id,
    name,
    kind,
    agent,
    tool,
    model,
    status,
    error_type,
    leftUTF8(error_message, {message_max:UInt32}) AS message,
    toUnixTimestamp64Nano(start) AS start_ns,
    if(state = 'open', 0, toUnixTimestamp64Nano(end)) AS end_ns
FROM steps
WHERE project = {project:String} AND trace_id = unhex({trace_id:String})
    -- a trace is written whole under each version: other weeks are left out, of which FINAL would merge every one
    AND version = (SELECT max(version) FROM steps WHERE project = {project:String} AND trace_id = unhex({trace_id:String}))
    AND has({span_ids:Array(String)}, lower(hex(steps.span_id)))
LIMIT {rows_max:UInt32}
