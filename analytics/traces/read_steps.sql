-- The spans of one trace, the first ones by start.
SELECT
    lower(hex(span_id)) AS id,
    lower(hex(parent_span_id)) AS parent_id,
    project,
    environment,
    agent_version,
    name,
    kind,
    agent,
    agent_id,
    operation,
    tool,
    model,
    provider,
    session,
    user,
    toUnixTimestamp64Nano(start) AS start_ns,
    toUnixTimestamp64Nano(end) AS end_ns,
    state,
    status,
    error_type,
    error_message,
    payload_error,
    input_tokens,
    output_tokens,
    cached_tokens,
    reasoning_tokens,
    cost_usd,
    finish_reasons,
    handoff_to,
    waiting_on
FROM steps
WHERE project = {project:String} AND trace_id = unhex({trace_id:String})
    -- a trace is written whole under each version: other weeks are left out, of which FINAL would merge every one
    AND version = (SELECT max(version) FROM steps WHERE project = {project:String} AND trace_id = unhex({trace_id:String}))
    AND ({span_id:String} = '' OR span_id = unhex({span_id:String}))
ORDER BY start, span_id
LIMIT {rows_max:UInt32}
