-- Calls of a series in two windows by strata: how many, and the mean of the logarithm of what is measured. A stratum is a
-- version, a band of input length (powers of two), a user; of the users those with most calls.
WITH
    calls AS
    (
        SELECT
            project,
            start >= fromUnixTimestamp64Nano({after_from_ns:Int64}, 'UTC') AS is_after,
            multiIf(
                {metric:String} = 'duration', duration_s,
                {metric:String} = 'input tokens', toFloat64(input_tokens),
                {metric:String} = 'output tokens', toFloat64(output_tokens),
                {metric:String} = 'reasoning tokens', toFloat64(reasoning_tokens),
                {metric:String} = 'cost', cost_usd,
                {metric:String} = 'outcome', toFloat64(failed),
                NULL) AS value,
            arrayJoin(arrayConcat(
                [('version', toString(agent_version)), ('user', leftUTF8(user, 200))],
                if({metric:String} IN ('input tokens', 'cost') OR isNull(input_tokens), [],
                    [('input length', toString(floor(log2(assumeNotNull(input_tokens) + 1))))]))) AS stratum
        FROM steps
        WHERE project = {project:String} AND environment = {environment:String} AND leftUTF8(agent, 200) = {agent:String}
            AND ((start >= fromUnixTimestamp64Nano({before_from_ns:Int64}, 'UTC') AND start < fromUnixTimestamp64Nano({before_until_ns:Int64}, 'UTC'))
                OR (start >= fromUnixTimestamp64Nano({after_from_ns:Int64}, 'UTC') AND start < fromUnixTimestamp64Nano({after_until_ns:Int64}, 'UTC')))
            AND state IN ('ended', 'cancelled')
            AND if(operation = '', kind, operation) = {operation:String}
            AND leftUTF8(multiIf(kind = 'tool', tool, kind IN ('llm', 'embedding'), model, depth = 0, name, ''), 200) = {subject:String}
        ORDER BY sipHash64(trace_id, span_id)
        LIMIT {steps_max:UInt32}
    )
SELECT
    stratum.1 AS by,
    stratum.2 AS name,
    countIf(NOT is_after) AS calls_before,
    countIf(is_after) AS calls_after,
    avgIf(measure, NOT is_after) AS mean_before,
    avgIf(measure, is_after) AS mean_after
FROM (SELECT *, if({metric:String} = 'outcome', value, log(greatest(assumeNotNull(value), 1e-6))) AS measure FROM calls WHERE isNotNull(value))
GROUP BY project, stratum
ORDER BY calls_before + calls_after DESC
LIMIT {strata_max:UInt32} BY by
