-- Traces that began in [from, until], newest first, or one of them, as they were last assembled.
SELECT
    lower(hex(trace_id)) AS id,
    project,
    environment,
    name,
    agents,
    toUnixTimestamp64Nano(start) AS start_ns,
    toUnixTimestamp64Nano(end) AS end_ns,
    intDiv(start_ns, 1000) AS start_us,
    spans,
    spans_left_out,
    errors,
    open,
    status,
    session,
    user,
    input_tokens,
    output_tokens,
    cost_usd,
    error_message
FROM traces FINAL
WHERE project = {project:String}
    AND ({trace_id:String} = '' OR (project, toStartOfHour(start), trace_id) IN (
        SELECT project, hour, trace_id FROM trace_hours
        WHERE project = {project:String} AND trace_id = unhex({trace_id:String})))
    AND start >= fromUnixTimestamp64Nano({from_ns:Int64}, 'UTC')
    AND start <= fromUnixTimestamp64Nano({until_ns:Int64}, 'UTC')
    AND ({agent:String} = '' OR has(agents, {agent:String}))
    AND ({status:String} = '' OR status = {status:String})
    AND ({environment:String} = '' OR environment = {environment:String})
    AND (
        {text:String} = ''
        OR positionCaseInsensitiveUTF8(name, {text:String}) > 0
        OR positionCaseInsensitiveUTF8(error_message, {text:String}) > 0
        OR arrayExists(agent -> positionCaseInsensitiveUTF8(agent, {text:String}) > 0, agents)
        OR session = {text:String}
        OR user = {text:String}
        OR startsWith(id, lower({text:String})))
    AND (start_us, id) < ({before_us:Int64}, {before_id:String})
ORDER BY start_us DESC, id DESC
LIMIT {rows_max:UInt32}
