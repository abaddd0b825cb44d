-- What is measured of a series in {traces:Array(String)}, of calls that ended in [from, until) or in [since, now), and which models
-- and tools these traces use: of each trace a row for what is alike. One statement is of both times, for what is stored of
-- steps costs once, whoever asks. `calls` are those that are measured and `total` is their sum: of logarithms
-- where {is_log:Bool}, of a category of how often it is one of {categories:Array(String)}. Where {is_of_traces:Bool} it is how many steps a
-- trace has in an hour, and the rows of that are parts of one call. What counts is as in count_steps.sql and count_traces.sql.
WITH
    newest AS
    (
        SELECT *
        FROM steps
        WHERE project = {project:String}
            AND trace_id IN (SELECT toFixedString(unhex(arrayJoin({traces:Array(String)})), 16))
        ORDER BY version DESC
        LIMIT 1 BY project, trace_id, span_id
    ),
    done AS
    (
        SELECT
            project,
            trace_id,
            toStartOfHour(end) AS hour,
            leftUTF8(agent, 200) = {agent:String} AND environment = {environment:String} AS is_by_it,
            kind IN ('tool', 'llm', 'embedding') AS is_single,
            end >= toDateTime64({since_s:Int64}, 9, 'UTC') AND end < toDateTime64({now_s:Int64}, 9, 'UTC') AS is_since,
            end >= fromUnixTimestamp64Nano({from_ns:Int64}, 'UTC') AND end < fromUnixTimestamp64Nano({until_ns:Int64}, 'UTC') AS is_before,
            multiIf(
                NOT (is_by_it AND (is_since OR is_before)), NULL,
                {metric:String} = 'steps', 1,
                {metric:String} = 'tool calls', toFloat64(kind = 'tool'),
                {metric:String} = 'model calls', toFloat64(kind = 'llm'),
                {metric:String} = 'tool', if(kind = 'tool' AND tool != '', toFloat64(has({categories:Array(String)}, leftUTF8(tool, 200))), NULL),
                {metric:String} = 'next agent',
                    if(handoff_to != '', toFloat64(has({categories:Array(String)}, leftUTF8(handoff_to, 200))), NULL),
                if(operation = '', kind, operation) != {operation:String}
                    OR leftUTF8(multiIf(kind = 'tool', tool, kind IN ('llm', 'embedding'), model, depth = 0, name, ''), 200) != {subject:String}
                    OR NOT (depth = 0 OR kind IN (
                        'llm', 'tool', 'agent', 'workflow', 'retriever', 'embedding', 'guardrail', 'evaluator')),
                    NULL,
                {metric:String} = 'duration', duration_s,
                {metric:String} = 'time to first token', first_token_s,
                {metric:String} = 'input tokens', if(tokens_counted, toFloat64(input_tokens), NULL),
                {metric:String} = 'output tokens', if(tokens_counted, toFloat64(output_tokens), NULL),
                {metric:String} = 'reasoning tokens', if(tokens_counted, toFloat64(reasoning_tokens), NULL),
                {metric:String} = 'cost', if(cost_counted, cost_usd, NULL),
                {metric:String} = 'retries', toFloat64(attempt),
                {metric:String} = 'outcome', toFloat64(has({categories:Array(String)}, multiIf(
                    state = 'cancelled', 'cancelled', status = 'error', if(error_type = '', 'error', leftUTF8(error_type, 100)),
                    payload_error NOT IN ('', 'empty'), 'its answer says so', payload_error = 'empty', 'empty answer', 'ok'))),
                {metric:String} = 'finish reason' AND arrayExists(reason -> reason != '', finish_reasons),
                    toFloat64(hasAny({categories:Array(String)}, arrayMap(reason -> leftUTF8(reason, 100), finish_reasons))),
                NULL) AS value,
            isNotNull(value) AS is_measured,
            if(is_measured, leftUTF8(agent_version, 200), '') AS of_version,
            if(is_measured, leftUTF8(user, 200), '') AS of_user,
            if(is_measured AND isNotNull(input_tokens) AND {metric:String} NOT IN ('input tokens', 'cost'),
                concat('from ', toString(toUInt64(exp2(floor(log2(assumeNotNull(input_tokens) + 1)))) - 1), ' tokens'), '') AS of_length,
            -- of a root, what it uses are the calls of the whole trace
            if((is_by_it OR {subject:String} != '') AND kind = 'llm', leftUTF8(model, 200), '') AS used_model,
            if((is_by_it OR {subject:String} != '') AND kind = 'tool', leftUTF8(tool, 200), '') AS used_tool
        FROM newest
        WHERE state IN ('ended', 'cancelled') AND duration_s BETWEEN 0 AND 86400
    )
SELECT
    lower(hex(trace_id)) AS trace,
    is_since,
    intDiv(toUnixTimestamp(hour), 3600) AS hour_h,
    of_version,
    of_user,
    of_length,
    used_model,
    used_tool,
    count() AS steps,
    is_measured AND ({metric:String} IN ('tool', 'next agent') OR {is_of_traces:Bool} OR NOT is_single) AS uses_others,
    multiIf(
        NOT is_measured, 0,
        {is_of_traces:Bool}, 1 / sum(toUInt8(is_measured)) OVER (PARTITION BY project, trace_id, hour, is_since),
        count()) AS calls,
    sumIf(if({is_log:Bool}, log(greatest(assumeNotNull(value), {least:Float64})), assumeNotNull(value)), is_measured) AS total
FROM done
GROUP BY project, trace_id, hour, is_since, is_measured, is_single, of_version, of_user, of_length, used_model, used_tool
