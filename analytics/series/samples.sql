-- Traces in which a series has calls in [from, until): drawn by chance where {order:Int8} is 0, else those with most calls of
-- {categories:Array(String)} first, or with the largest (1) or smallest (-1) values.
SELECT lower(hex(trace_id)) AS trace
FROM
(
    SELECT
        project, trace_id,
        multiIf(
            {metric:String} = 'duration', duration_s,
            {metric:String} = 'time to first token', first_token_s,
            {metric:String} = 'input tokens', toFloat64(input_tokens),
            {metric:String} = 'output tokens', toFloat64(output_tokens),
            {metric:String} = 'reasoning tokens', toFloat64(reasoning_tokens),
            {metric:String} = 'cost', cost_usd,
            {metric:String} = 'retries', toFloat64(attempt),
            {metric:String} = 'steps', 1,
            {metric:String} = 'tool calls', toFloat64(kind = 'tool'),
            {metric:String} = 'model calls', toFloat64(kind = 'llm'),
            {metric:String} = 'outcome', toFloat64(has({categories:Array(String)}, multiIf(
                state = 'cancelled', 'cancelled', status = 'error', if(error_type = '', 'error', leftUTF8(error_type, 100)),
                payload_error NOT IN ('', 'empty'), 'its answer says so', payload_error = 'empty', 'empty answer', 'ok'))),
            {metric:String} = 'tool', toFloat64(tool != '' AND has({categories:Array(String)}, leftUTF8(tool, 200))),
            {metric:String} = 'next agent', toFloat64(handoff_to != '' AND has({categories:Array(String)}, leftUTF8(handoff_to, 200))),
            {metric:String} = 'finish reason',
                toFloat64(hasAny({categories:Array(String)}, arrayMap(reason -> leftUTF8(reason, 100), finish_reasons))),
            NULL) AS value
    FROM steps
    WHERE project = {project:String} AND environment = {environment:String} AND leftUTF8(agent, 200) = {agent:String}
        AND start >= fromUnixTimestamp64Nano({from_ns:Int64}, 'UTC') AND start < fromUnixTimestamp64Nano({until_ns:Int64}, 'UTC')
        AND state IN ('ended', 'cancelled')
        AND ({operation:String} IN ('trace', 'handoff') OR if(operation = '', kind, operation) = {operation:String})
        AND ({subject:String} = '' OR leftUTF8(multiIf(kind = 'tool', tool, kind IN ('llm', 'embedding'), model, name), 200) = {subject:String})
    LIMIT {steps_max:UInt32}
)
GROUP BY project, trace_id
ORDER BY
    {order:Int8} * multiIf(
        {operation:String} = 'trace' OR notEmpty({categories:Array(String)}), sum(value), {order:Int8} = -1, min(value), max(value)) DESC,
    sipHash64(trace_id)
LIMIT {traces_max:UInt32}
