-- One trace as it was last assembled.
SELECT
    lower(hex(trace_id)) AS id,
    project,
    environment,
    name,
    agents,
    toUnixTimestamp64Nano(start) AS start_ns,
    toUnixTimestamp64Nano(end) AS end_ns,
    spans,
    errors,
    open,
    status,
    session,
    user,
    input_tokens,
    output_tokens,
    cost_usd,
    error_message
FROM traces
WHERE project = {project:String} AND trace_id = unhex({trace_id:String})
ORDER BY version DESC
LIMIT 1
