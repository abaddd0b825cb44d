-- Calls of a series in [from, until) by strata: how many, and the sum of what is measured of them: the logarithm of a number
-- where {is_log:Bool}, and whether a category is one of {categories:Array(String)}. A stratum is a version, a band of input
-- length (powers of two), a user; of each those with most calls, beside `calls_of_all` and `total_of_all`.
WITH
    calls AS
    (
        SELECT
            project,
            kind,
            toString(agent_version) AS of_version,
            leftUTF8(user, 200) AS of_user,
            input_tokens,
            multiIf(
                {metric:String} = 'duration', duration_s,
                {metric:String} = 'time to first token', first_token_s,
                {metric:String} = 'input tokens', toFloat64(input_tokens),
                {metric:String} = 'output tokens', toFloat64(output_tokens),
                {metric:String} = 'reasoning tokens', toFloat64(reasoning_tokens),
                {metric:String} = 'cost', cost_usd,
                {metric:String} = 'retries', toFloat64(attempt),
                {metric:String} = 'outcome', toFloat64(has({categories:Array(String)}, multiIf(
                    state = 'cancelled', 'cancelled', status = 'error', if(error_type = '', 'error', leftUTF8(error_type, 100)),
                    payload_error NOT IN ('', 'empty'), 'its answer says so', payload_error = 'empty', 'empty answer', 'ok'))),
                {metric:String} = 'finish reason' AND notEmpty(finish_reasons),
                    toFloat64(hasAny({categories:Array(String)}, arrayMap(reason -> leftUTF8(reason, 100), finish_reasons))),
                NULL) AS value
        FROM steps
        WHERE project = {project:String} AND environment = {environment:String} AND leftUTF8(agent, 200) = {agent:String}
            AND start >= fromUnixTimestamp64Nano({from_ns:Int64}, 'UTC') AND start < fromUnixTimestamp64Nano({until_ns:Int64}, 'UTC')
            AND state IN ('ended', 'cancelled')
            AND if(operation = '', kind, operation) = {operation:String}
            AND leftUTF8(multiIf(kind = 'tool', tool, kind IN ('llm', 'embedding'), model, depth = 0, name, ''), 200) = {subject:String}
            AND isNotNull(value)
        ORDER BY sipHash64(trace_id, span_id)
        LIMIT {steps_max:UInt32}
    )
SELECT
    stratum.1 AS by,
    stratum.2 AS name,
    any(kind) AS of_kind,
    count() AS calls,
    sum(measure) AS total,
    sum(count()) OVER (PARTITION BY project, stratum.1) AS calls_of_all,
    sum(sum(measure)) OVER (PARTITION BY project, stratum.1) AS total_of_all
FROM
(
    SELECT
        project,
        kind,
        if({is_log:Bool}, log(greatest(assumeNotNull(value), {least:Float64})), assumeNotNull(value)) AS measure,
        arrayJoin(arrayConcat(
            [('version', of_version), ('user', of_user)],
            if({metric:String} IN ('input tokens', 'cost') OR isNull(input_tokens), [],
                [('input length', toString(floor(log2(assumeNotNull(input_tokens) + 1))))]))) AS stratum
    FROM calls
)
GROUP BY project, stratum
ORDER BY calls DESC, name
LIMIT {strata_max:UInt32} BY by
