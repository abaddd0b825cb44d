-- The spans of some traces (ids in hexadecimal, each with its project), as they are understood now.
SELECT
    project,
    lower(hex(trace_id)) AS trace_id_hex,
    lower(hex(span_id)) AS span_id_hex,
    if(parent_span_id = toFixedString('', 8), '', lower(hex(parent_span_id))) AS parent_id_hex,
    name,
    kind,
    agent,
    agent_version,
    service,
    service_instance,
    operation,
    tool,
    tool_call_id,
    model,
    toUnixTimestamp64Nano(start) AS start_ns,
    toUnixTimestamp64Nano(end) AS end_ns,
    finish_reasons,
    handoff_to,
    wait_reason
FROM steps
WHERE (project, trace_id) IN (
        SELECT substring(place, 33), toFixedString(unhex(substring(place, 1, 32)), 16)
        FROM (SELECT arrayJoin({places:Array(String)}) AS place))
ORDER BY version DESC
LIMIT 1 BY project, trace_id, span_id
LIMIT {rows_max:UInt32}
