-- Traces in which a series has calls that ended in [from, until): drawn by chance where {order:Int8} is 0, else those with most
-- calls of {categories:Array(String)} first, or with the largest (1) or smallest (-1) values. What counts is as in
-- count_steps.sql and count_traces.sql.
SELECT lower(hex(trace_id)) AS trace
FROM
(
    SELECT *
    FROM
    (
        SELECT
            project, trace_id, span_id, version,
            multiIf(
                {metric:String} = 'duration', duration_s,
                {metric:String} = 'time to first token', first_token_s,
                {metric:String} = 'input tokens', if(tokens_counted, toFloat64(input_tokens), NULL),
                {metric:String} = 'output tokens', if(tokens_counted, toFloat64(output_tokens), NULL),
                {metric:String} = 'reasoning tokens', if(tokens_counted, toFloat64(reasoning_tokens), NULL),
                {metric:String} = 'cost', if(cost_counted, cost_usd, NULL),
                {metric:String} = 'retries', toFloat64(attempt),
                {metric:String} = 'steps', 1,
                {metric:String} = 'tool calls', toFloat64(kind = 'tool'),
                {metric:String} = 'model calls', toFloat64(kind = 'llm'),
                {metric:String} = 'outcome', toFloat64(has({categories:Array(String)}, multiIf(
                    state = 'cancelled', 'cancelled', status = 'error', if(error_type = '', 'error', leftUTF8(error_type, 100)),
                    payload_error NOT IN ('', 'empty'), 'its answer says so', payload_error = 'empty', 'empty answer', 'ok'))),
                {metric:String} = 'tool', toFloat64(kind = 'tool' AND has({categories:Array(String)}, leftUTF8(tool, 200))),
                {metric:String} = 'next agent', toFloat64(has({categories:Array(String)}, leftUTF8(handoff_to, 200))),
                {metric:String} = 'finish reason',
                    toFloat64(hasAny({categories:Array(String)}, arrayMap(reason -> leftUTF8(reason, 100), finish_reasons))),
                NULL) AS value
        FROM steps
        WHERE _partition_value.1 + 8 > fromUnixTimestamp64Nano({from_ns:Int64}, 'UTC')
            AND project = {project:String} AND environment = {environment:String} AND leftUTF8(agent, 200) = {agent:String}
            AND start >= fromUnixTimestamp64Nano({from_ns:Int64}, 'UTC') - toIntervalDay(1)
            AND start < fromUnixTimestamp64Nano({until_ns:Int64}, 'UTC')
            AND end >= fromUnixTimestamp64Nano({from_ns:Int64}, 'UTC') AND end < fromUnixTimestamp64Nano({until_ns:Int64}, 'UTC')
            AND state IN ('ended', 'cancelled')
            AND duration_s BETWEEN 0 AND 86400
            AND ({operation:String} = 'trace' OR {metric:String} IN ('tool', 'next agent') OR (
                if(operation = '', kind, operation) = {operation:String}
                AND leftUTF8(multiIf(kind = 'tool', tool, kind IN ('llm', 'embedding'), model, depth = 0, name, ''), 200)
                    = {subject:String}))
        LIMIT {steps_max:UInt32}
    )
    -- what a newer version replaces is counted once; FINAL would read all columns of those weeks
    ORDER BY version DESC
    LIMIT 1 BY project, trace_id, span_id
)
GROUP BY project, trace_id
ORDER BY
    {order:Int8} * multiIf(
        {operation:String} = 'trace' OR notEmpty({categories:Array(String)}), sum(value), {order:Int8} = -1, min(value), max(value)) DESC,
    sipHash64(trace_id)
LIMIT {traces_max:UInt32}
