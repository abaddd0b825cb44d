-- Counts what agents put out in one hour anew: the higher version replaces that hour as a whole. Of each series the
-- {categories_max} commonest categories of an hour are kept and of each project the {series_max} largest series; what
-- is beyond them is `other`. What was open for longer than a day is left out.
INSERT INTO drift_counts (
    project, hour, environment, agent, operation, subject, metric, agent_version, category, bin, n, traces, version)
WITH
    toDateTime({hour_s:Int64}, 'UTC') AS this_hour,
    -- log-spaced by 2 %, as analytics/drift/bins.py has it: a quantile is wrong by 1 % at most
    (value -> toInt16(if(abs(value) < 1e-6, 0, sign(value) * least(2500, 1 + floor(log(abs(value) / 1e-6) / log(1.02)))))) AS bin_of,
    ended AS
    (
        SELECT
            project, trace_id, span_id, environment, kind, leftUTF8(name, 200) AS name, leftUTF8(agent, 200) AS agent, operation,
            leftUTF8(tool, 200) AS tool, leftUTF8(model, 200) AS model, leftUTF8(agent_version, 200) AS agent_version,
            leftUTF8(handoff_to, 200) AS handoff_to, duration_s, depth, attempt,
            if(tokens_counted, input_tokens, NULL) AS input_tokens_counted,
            if(tokens_counted, output_tokens, NULL) AS output_tokens_counted,
            if(tokens_counted, reasoning_tokens, NULL) AS reasoning_tokens_counted,
            if(cost_counted, cost_usd, NULL) AS cost_usd_counted,
            arrayMap(reason -> leftUTF8(reason, 100), arraySlice(finish_reasons, 1, 4)) AS finish_reasons,
            multiIf(
                state = 'cancelled', 'cancelled',
                status = 'error', if(error_type = '', 'error', leftUTF8(error_type, 100)),
                payload_error NOT IN ('', 'empty'), 'its answer says so',
                payload_error = 'empty', 'empty answer',
                'ok') AS outcome
        FROM steps FINAL
        WHERE start >= toDateTime64({hour_s:Int64} - 86400, 9, 'UTC')
            AND start < toDateTime64({hour_s:Int64} + 3600, 9, 'UTC')
            AND end >= toDateTime64({hour_s:Int64}, 9, 'UTC')
            AND end < toDateTime64({hour_s:Int64} + 3600, 9, 'UTC')
            AND state IN ('ended', 'cancelled')
            AND duration_s BETWEEN 0 AND 86400
    ),
    measured AS
    (
        SELECT
            project,
            trace_id,
            environment,
            agent,
            if(operation = '', kind, operation) AS operation,
            multiIf(kind = 'tool', tool, kind IN ('llm', 'embedding'), model, depth = 0, name, '') AS subject,
            agent_version,
            (arrayJoin(arrayConcat(
                [('duration', '', bin_of(duration_s)), ('outcome', outcome, 0::Int16)],
                if(isNull(input_tokens_counted), [], [('input tokens', '', bin_of(assumeNotNull(input_tokens_counted)))]),
                if(isNull(output_tokens_counted), [], [('output tokens', '', bin_of(assumeNotNull(output_tokens_counted)))]),
                if(isNull(reasoning_tokens_counted), [], [('reasoning tokens', '', bin_of(assumeNotNull(reasoning_tokens_counted)))]),
                if(isNull(cost_usd_counted), [], [('cost', '', bin_of(assumeNotNull(cost_usd_counted)))]),
                if(isNull(attempt), [], [('retries', '', bin_of(assumeNotNull(attempt)))]),
                arrayMap(reason -> ('finish reason', reason, 0::Int16), finish_reasons))) AS one).1 AS metric,
            one.2 AS category,
            one.3 AS bin
        FROM ended
        WHERE kind IN ('llm', 'tool', 'agent', 'workflow', 'retriever', 'embedding', 'guardrail', 'evaluator') OR depth = 0
        UNION ALL
        -- which tool an agent takes, and whom it hands over to
        SELECT
            project, trace_id, environment, agent, if(kind = 'tool', 'execute_tool', 'handoff'), '', agent_version,
            if(kind = 'tool', 'tool', 'next agent'), if(kind = 'tool', tool, handoff_to), 0::Int16
        FROM ended
        WHERE (kind = 'tool' AND tool != '') OR handoff_to != ''
        UNION ALL
        -- what an agent does in a trace, of what ended in this hour
        SELECT
            project, trace_id, any(environment), agent, 'trace', '', any(agent_version),
            (arrayJoin([('steps', count()), ('tool calls', countIf(kind = 'tool')), ('model calls', countIf(kind = 'llm'))]) AS one).1,
            '', bin_of(one.2)
        FROM ended
        WHERE agent != ''
        GROUP BY project, trace_id, agent
    ),
    counted AS
    (
        SELECT
            project, environment, agent, operation, subject, metric, agent_version, category, bin,
            grouping(category) = 1 AS is_total,
            count() AS n,
            if(is_total, uniqExact(trace_id), 0) AS traces
        FROM measured
        GROUP BY GROUPING SETS (
            (project, environment, agent, operation, subject, metric, agent_version, category, bin),
            (project, environment, agent, operation, subject, metric, agent_version))
    ),
    ranked AS
    (
        SELECT
            *,
            sumIf(n, NOT is_total) OVER (PARTITION BY project, environment, agent, operation, subject, metric) AS series_n,
            row_number() OVER (
                PARTITION BY project, environment, agent, operation, subject, metric, is_total ORDER BY n DESC, category, bin) AS place
        FROM counted
    ),
    kept AS
    (
        SELECT
            *,
            dense_rank() OVER (
                PARTITION BY project ORDER BY series_n DESC, environment, metric, agent, operation, subject) <= {series_max:UInt32} AS is_kept
        FROM ranked
    )
SELECT
    project,
    this_hour,
    environment,
    if(is_kept, kept.agent, 'other') AS agent,
    if(is_kept, kept.operation, '') AS operation,
    if(is_kept, kept.subject, '') AS subject,
    metric,
    if(is_kept, kept.agent_version, '') AS agent_version,
    if(category = '' OR place <= {categories_max:UInt32}, category, 'other') AS category,
    if(is_total, 0, bin) AS bin,
    sumIf(kept.n, NOT is_total) AS n,
    sum(kept.traces) AS traces,
    toUnixTimestamp64Nano(now64(9)) AS version
FROM kept
GROUP BY project, environment, agent, operation, subject, metric, agent_version, category, bin
SETTINGS max_insert_threads = 1
