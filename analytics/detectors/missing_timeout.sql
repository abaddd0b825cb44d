-- Waits of each agent by what it waits for and by version: how many, how long, and what says that something ends
-- them. An open span counts with the time for which it was seen open: that long it certainly waited.
-- One trace in `one_in` is read, so that their steps are `steps_max` or fewer. A version is as old as its first wait; `longest` are the durations from which a timeout can be read.
WITH
    fromUnixTimestamp64Nano({since_ns:Int64}, 'UTC') AS since,
    fromUnixTimestamp64Nano({until_ns:Int64}, 'UTC') AS until,
    (
        SELECT intDiv(count(), {steps_max:UInt64}) + 1
        FROM steps
        WHERE _partition_value.1 + 8 > since AND start >= since AND start < until
    ) AS one_in
SELECT
    project,
    agent,
    what,
    target,
    one_in,
    any(kind) AS kind,
    agent_version,
    countIf(NOT open) AS ended,
    countIf(open) AS still_open,
    countIf(timeout_said) AS with_timeout,
    countIf(timed_out) AS timed_out,
    quantileTDigestIf(0.5)(duration_s, NOT open) AS q50_s,
    quantileTDigestIf(0.99)(duration_s, NOT open) AS q99_s,
    arrayMap(each -> -each, groupArraySortedIf(100)(-duration_s, NOT open)) AS longest_s,
    maxIf(duration_s, open) AS longest_open_s,
    toUnixTimestamp64Nano(min(start)) AS first_ns,
    argMax((lower(hex(trace_id)), lower(hex(span_id)), toUnixTimestamp64Nano(start), open), duration_s) AS longest_wait
FROM
(
    SELECT
        project,
        agent,
        multiIf(wait_reason != '', wait_reason, kind = 'wait', 'agent', kind) AS what,
        multiIf(kind = 'wait', waiting_on, kind = 'handoff', handoff_to, tool != '', tool, model != '', model, operation) AS target,
        kind,
        agent_version,
        trace_id,
        span_id,
        start,
        duration_s,
        false AS open,
        wait_timeout_s IS NOT NULL AS timeout_said,
        status = 'error' AND (
            multiSearchAnyCaseInsensitive(error_type, ['timeout', 'timedout', 'timed_out', 'timed out', 'deadline'])
            OR multiSearchAnyCaseInsensitive(error_message, ['timeout', 'timed out', 'deadline'])
            OR error_type IN ('408', '504')) AS timed_out
    FROM steps FINAL
    WHERE
        -- as in analytics/agents/calls.sql
        _partition_value.1 + 8 > since
        AND start >= since
        AND start < until
        AND sipHash64(trace_id) % one_in = 0
        AND kind IN ('tool', 'llm', 'retriever', 'embedding', 'memory', 'guardrail', 'evaluator', 'handoff', 'wait', 'message_send')
        AND agent != ''
        AND state IN ('ended', 'cancelled')
        AND duration_s >= 0
    UNION ALL
    SELECT
        project,
        agent_now,
        multiIf(wait_reason_now != '', wait_reason_now, kind_now = 'wait', 'agent', kind_now),
        multiIf(
            kind_now = 'wait', waiting_on_now, kind_now = 'handoff', handoff_to_now, tool_now != '', tool_now,
            model_now != '', model_now, operation_now),
        kind_now,
        version_now,
        trace_id,
        span_id,
        opened,
        toUnixTimestamp64Nano(seen) / 1e9 - toUnixTimestamp64Nano(opened) / 1e9,
        true,
        has_timeout,
        false
    FROM
    (
        SELECT
            project,
            trace_id,
            span_id,
            argMax(agent, observed) AS agent_now,
            argMax(kind, observed) AS kind_now,
            argMax(wait_reason, observed) AS wait_reason_now,
            argMax(waiting_on, observed) AS waiting_on_now,
            argMax(handoff_to, observed) AS handoff_to_now,
            argMax(tool, observed) AS tool_now,
            argMax(model, observed) AS model_now,
            argMax(operation, observed) AS operation_now,
            argMax(agent_version, observed) AS version_now,
            max(wait_timeout_s IS NOT NULL) AS has_timeout,
            min(first_seen) AS opened,
            max(observed) AS seen
        FROM open_spans
        WHERE observed >= until - INTERVAL 2 DAY AND observed < until + INTERVAL 1 HOUR
        GROUP BY project, trace_id, span_id
        HAVING NOT max(ended)
            AND kind_now IN ('tool', 'llm', 'retriever', 'embedding', 'memory', 'guardrail', 'evaluator', 'handoff', 'wait', 'message_send')
            AND agent_now != ''
            -- whoever waits for these is not stuck: that it still waits says nothing
            AND wait_reason_now NOT IN ('human', 'timer', 'external')
    )
)
WHERE target != '' AND what != 'timer'
GROUP BY project, agent, what, target, agent_version
ORDER BY greatest(longest_s[1], longest_open_s) DESC, project, agent, what, target, agent_version
LIMIT {project_rows_max:UInt32} BY project
LIMIT {rows_max:UInt32}
