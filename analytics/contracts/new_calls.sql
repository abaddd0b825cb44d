-- Ended calls of tools, hand-offs and agents that were written in these versions and are not checked yet: of each boundary
-- {sample_max} at most, or {learning_max} where it is not in {settled} and there is much to learn, in no order that a client
-- can foretell, but every one of those that are named in {every}. Oldest versions first, and of the last one all: what is left
-- out for want of room is read with the next.
SELECT
    project,
    lower(hex(trace_id)) AS trace,
    lower(hex(span_id)) AS span,
    version,
    environment,
    kind,
    agent,
    name,
    agent_version,
    failed,
    start_ns,
    end_ns
FROM
(
    SELECT
        *,
        row_number() OVER (PARTITION BY project, kind, agent, name, agent_version ORDER BY is_captured DESC, sipHash64(trace_id, span_id)) AS turn
    FROM
    (
        SELECT
            project, trace_id, span_id, version, environment, kind,
            leftUTF8(agent, {text_max:UInt32}) AS agent,
            leftUTF8(multiIf(kind = 'tool', tool, kind = 'handoff', if(handoff_to != '', handoff_to, tool), ''), {text_max:UInt32}) AS name,
            agent_version,
            input_hash != 0 OR output_hash != 0 AS is_captured,
            failed,
            toUnixTimestamp64Nano(start) AS start_ns,
            toUnixTimestamp64Nano(end) AS end_ns
        FROM steps
        WHERE version > {after:UInt64} AND version <= {until:UInt64}
            AND kind IN ('tool', 'handoff', 'agent') AND state = 'ended'
        ORDER BY version DESC
        LIMIT 1 BY project, trace_id, span_id
    )
    WHERE (kind = 'agent' OR name != '')
        AND (project, trace_id, span_id) NOT IN (
            SELECT project, trace_id, span_id FROM contract_calls
            WHERE (project, trace_id) IN (
                SELECT project, trace_id FROM steps WHERE version > {after:UInt64} AND version <= {until:UInt64}))
)
WHERE (is_captured AND turn <= if(
        concat(project, '\0', kind, '\0', agent, '\0', name, '\0', agent_version) IN {settled:Array(String)},
        {sample_max:UInt32}, {learning_max:UInt32}))
    OR has({every:Array(String)}, if(kind = 'agent', agent, name))
ORDER BY version
LIMIT {calls_max:UInt32} WITH TIES
