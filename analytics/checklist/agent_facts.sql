-- What was seen of each agent of a project in the traces that began in [since_ns, until_ns): one trace in `one_in` is read,
-- by its id, so that their steps are {steps_max} or fewer. What was done to the outside counts by the tool's name.
WITH
    fromUnixTimestamp64Nano({since_ns:Int64}, 'UTC') AS since,
    fromUnixTimestamp64Nano({until_ns:Int64}, 'UTC') AS until,
    (
        SELECT intDiv(count(), {steps_max:UInt64}) + 1
        FROM steps
        WHERE _partition_value.1 + 8 > since AND project = {project:String} AND start >= since AND start < until
    ) AS one_in
SELECT
    agent,
    count() AS traces,
    sum(agent_waits) AS waits,
    sum(agent_effects) AS effects,
    sum(agent_retries) AS retries,
    countIf(is_validated) AS validated,
    sum(agent_memory) AS memory_calls,
    countIf(trace_failed AND agent_effects > 0) AS partial,
    countIf(trace_failed AND agent_effects > 0 AND undone > 0) AS partial_undone,
    groupArrayIf(3)(lower(hex(trace_id)), trace_failed AND agent_effects > 0 AND undone = 0) AS partial_traces,
    any(one_in) AS read_one_in
FROM
(
    SELECT
        project,
        trace_id,
        agent,
        countIf(kind IN ('tool', 'llm', 'retriever', 'handoff', 'wait', 'embedding')) AS agent_waits,
        countIf(kind = 'tool' AND NOT failed AND match(tool, {mutating:String}) AND NOT match(tool, {reading:String})
            AND NOT match(tool, {undoing:String})) AS agent_effects,
        countIf(kind = 'tool' AND (ifNull(attempt, 1) > 1)) + greatest(0, countIf(kind = 'tool' AND input_hash != 0)
            - uniqExactIf((tool, input_hash), kind = 'tool' AND input_hash != 0)) AS agent_retries,
        countIf(kind = 'memory') AS agent_memory,
        any(trace_validated) AS is_validated,
        any(trace_is_failed) AS trace_failed,
        any(trace_undone) AS undone
    FROM
    (
        SELECT
            *,
            failed,
            max(kind IN ('guardrail', 'evaluator')) OVER (PARTITION BY project, trace_id) AS trace_validated,
            max(status = 'error' AND depth = 0) OVER (PARTITION BY project, trace_id) AS trace_is_failed,
            sum(kind = 'tool' AND status != 'error' AND match(tool, {undoing:String})) OVER (PARTITION BY project, trace_id) AS trace_undone
        FROM steps FINAL
        -- as in analytics/agents/calls.sql
        WHERE _partition_value.1 + 8 > since
            AND project = {project:String} AND start >= since AND start < until AND sipHash64(trace_id) % one_in = 0
    )
    WHERE agent != ''
    GROUP BY project, trace_id, agent
)
GROUP BY agent
HAVING {agent:String} = '' OR agent = {agent:String}
ORDER BY traces DESC, agent
LIMIT {agents_max:UInt32}
