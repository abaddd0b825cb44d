-- Traces in which a series has calls in [from, until): drawn by chance, or those of a category first, or those with the
-- largest or smallest values first.
SELECT lower(hex(trace_id)) AS trace
FROM
(
    SELECT
        project, trace_id,
        multiIf(
            {metric:String} = 'duration', duration_s,
            {metric:String} = 'input tokens', toFloat64(ifNull(input_tokens, 0)),
            {metric:String} = 'output tokens', toFloat64(ifNull(output_tokens, 0)),
            {metric:String} = 'reasoning tokens', toFloat64(ifNull(reasoning_tokens, 0)),
            {metric:String} = 'cost', ifNull(cost_usd, 0),
            {metric:String} = 'outcome', toFloat64(multiIf(
                state = 'cancelled', 'cancelled', status = 'error', if(error_type = '', 'error', leftUTF8(error_type, 100)),
                payload_error NOT IN ('', 'empty'), 'its answer says so', payload_error = 'empty', 'empty answer', 'ok') = {category:String}),
            {metric:String} = 'tool', toFloat64(tool = {category:String}),
            {metric:String} = 'next agent', toFloat64(handoff_to = {category:String}),
            {metric:String} = 'finish reason', toFloat64(has(finish_reasons, {category:String})),
            0) AS value
    FROM steps
    WHERE project = {project:String} AND environment = {environment:String} AND leftUTF8(agent, 200) = {agent:String}
        AND start >= fromUnixTimestamp64Nano({from_ns:Int64}, 'UTC') AND start < fromUnixTimestamp64Nano({until_ns:Int64}, 'UTC')
        AND state IN ('ended', 'cancelled')
        AND ({operation:String} IN ('trace', 'handoff') OR if(operation = '', kind, operation) = {operation:String})
        AND ({subject:String} = '' OR leftUTF8(multiIf(kind = 'tool', tool, kind IN ('llm', 'embedding'), model, name), 200) = {subject:String})
    LIMIT {steps_max:UInt32}
)
GROUP BY project, trace_id
ORDER BY {order:Int8} * max(value) DESC, sipHash64(trace_id)
LIMIT {traces_max:UInt32}
