-- The spans of traces, which are given in order: `trace` is the place of its own in it. Who did it is the agent, else the
-- service; what it did is called as people call it.
WITH compared AS
(
    SELECT
        {project:String} AS project,
        toFixedString(unhex(given.1), 16) AS trace_id,
        given.2 AS version,
        given.3 - 1 AS trace
    FROM (SELECT arrayJoin(arrayZip({ids:Array(String)}, {versions:Array(UInt64)}, arrayEnumerate({ids:Array(String)}))) AS given)
)
SELECT
    toInt64(trace) AS trace,
    reinterpretAsUInt64(span_id) AS span,
    reinterpretAsUInt64(parent_span_id) AS parent,
    leftUTF8(if(agent = '', service, agent), {text_max:UInt32}) AS who,
    leftUTF8(multiIf(kind = 'tool' AND tool != '', tool, kind = 'llm' AND operation != '', operation, name), {text_max:UInt32}) AS what,
    kind,
    if(kind = 'tool', leftUTF8(tool, {text_max:UInt32}), '') AS tool,
    if(kind = 'llm', leftUTF8(model, {text_max:UInt32}), '') AS model,
    if(agent_version = '', '', leftUTF8(concat(who, ' ', agent_version), {text_max:UInt32})) AS agent_version,
    -- that the root has failed is what is asked; an answer that says so is a failure as a status is
    if(failed AND parent_span_id != toFixedString('', 8),
        leftUTF8(concat(multiIf(tool != '', tool, agent != '', agent, kind), ': ',
            if(status = 'error', error_type, 'its answer says so')), {text_max:UInt32}), '') AS failing_call,
    toUnixTimestamp64Nano(start) AS start_ns,
    toUnixTimestamp64Nano(end) AS end_ns
FROM steps
INNER JOIN compared USING (project, trace_id, version)
WHERE project = {project:String} AND (project, trace_id) IN (SELECT project, trace_id FROM compared)
ORDER BY trace, start_ns, span
