-- Counts what is usual of the traces that began in an hour, from {traces_max} of each project at most: those whose
-- hash is the least, so that counting again takes the same. Of traces that ended, and well: what runs away is not
-- usual. Values above a hundred are rounded up to two digits, for there are few of each otherwise.
INSERT INTO habits (project, hour, measure, name, value, n, version)
WITH
    toDateTime({hour_s:Int64}, 'UTC') AS this_hour,
    sampled AS
    (
        SELECT project, trace_id, version
        FROM traces FINAL
        WHERE toStartOfHour(start) = this_hour AND open = 0 AND status = 'ok'
        ORDER BY project, cityHash64(trace_id)
        LIMIT {traces_max:UInt32} BY project
    ),
    families AS
    (
        SELECT
            project,
            trace_id,
            count() AS members,
            argMin(name, (depth, start)) AS first,
            min((depth, start)) AS first_order,
            minIf((depth, agent), agent != '') AS highest_agent,
            max(depth) AS deepest,
            countIf(parent_span_id != toFixedString('', 8)
                AND kind NOT IN ('other', 'embedding', 'evaluator', 'message_send', 'message_process')) AS children,
            countIf(parent_span_id != toFixedString('', 8) AND kind = 'agent') AS agents,
            sumIf(ifNull(input_tokens, 0) + ifNull(output_tokens, 0), tokens_counted) AS tokens,
            sumIf(ifNull(cost_usd, 0), cost_counted) AS cost
        FROM steps
        WHERE (project, trace_id, version) IN sampled
        GROUP BY project, trace_id, parent_span_id
    ),
    measured AS
    (
        SELECT
            project,
            (arrayJoin([
                ('spans', sum(members)::Float64),
                ('depth', max(deepest)::Float64),
                ('children', max(families.children)::Float64),
                ('agents', max(families.agents)::Float64),
                ('tokens', sum(families.tokens)::Float64),
                ('cost', sum(families.cost))]) AS one).1 AS measure,
            -- as in runaway.sql: alike by root and agent, and what is numbered or has an id in its name
            replaceRegexpAll(
                concat(
                    left(argMin(first, first_order), 200), '\0',
                    left(minIf(highest_agent, highest_agent.2 != '').2, 200)),
                '[0-9a-fA-F]{8,}(-[0-9a-fA-F]+)*|[0-9]+', '#') AS name,
            one.2 AS value
        FROM families
        GROUP BY project, trace_id
        UNION ALL
        -- how often the same call was made with the same outcome, by each who made it
        SELECT project, 'repeats', concat(agent, '\0', tool), max(times)::Float64
        FROM
        (
            SELECT project, trace_id, agent, tool, count() AS times
            FROM steps
            WHERE (project, trace_id, version) IN sampled AND kind = 'tool' AND (input_hash != 0 OR output_hash != 0)
            GROUP BY project, trace_id, agent, tool, input_hash, output_hash
        )
        GROUP BY project, trace_id, agent, tool
        UNION ALL
        -- whether it failed, by call: what most of such calls do in traces that go well is expected
        SELECT project, 'failed', concat(agent, '\0', tool), failed::Float64
        FROM steps
        WHERE (project, trace_id, version) IN sampled AND kind = 'tool'
        UNION ALL
        -- whether there was nothing in an answer, by call
        SELECT project, 'empty', concat(agent, '\0', tool), (payload_error = 'empty')::Float64
        FROM steps
        WHERE (project, trace_id, version) IN sampled AND kind = 'tool' AND (output_hash != 0 OR payload_error = 'empty')
        UNION ALL
        -- of each minute with ten attempts or more: calls that were made again after they failed, to first attempts
        SELECT
            project,
            'retries',
            concat(kind, ':', called),
            ceil(100 * countIf(is_retry) / greatest(1, countIf(NOT is_retry))) / 100
        FROM
        (
            SELECT
                project,
                kind,
                called,
                toStartOfMinute(attempts[number].1) AS minute,
                -- as in retry_storm.sql, waits that a limit of rate asked for included
                number > 1 AND attempts[number - 1].3 AND attempts[number].1 >= attempts[number - 1].2 AS is_retry
            FROM
            (
                SELECT
                    project,
                    kind,
                    left(if(kind = 'tool', tool, model), 500) AS called,
                    arraySort(groupArray((start, end, failed))) AS attempts
                FROM steps
                WHERE (project, trace_id, version) IN sampled
                    AND ((kind = 'tool' AND tool != '') OR (kind = 'llm' AND (tokens_counted OR failed)))
                GROUP BY project, kind, called, agent, trace_id, multiIf(
                    input_hash != 0, hex(cityHash64(input_hash)),
                    kind = 'llm' AND tool_call_id = '', hex(cityHash64('below', parent_span_id)),
                    tool_call_id != '', tool_call_id,
                    hex(span_id))
            )
            ARRAY JOIN arrayEnumerate(attempts) AS number
        )
        GROUP BY project, kind, called, minute
        HAVING count() >= 10
    )
SELECT
    project,
    this_hour,
    measure,
    name,
    if(measured.value <= 100, measured.value,
        ceil(measured.value / exp10(floor(log10(measured.value)) - 1)) * exp10(floor(log10(measured.value)) - 1)) AS value,
    count(),
    toUnixTimestamp64Nano(now64(9))
FROM measured
GROUP BY project, measure, name, value
SETTINGS max_insert_threads = 1
