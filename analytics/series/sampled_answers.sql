-- Gathered calls of models and agents whose output was captured: of each of the {series_max} largest series of a project and hour
-- so many, in an order that a client does not choose.
SELECT
    project,
    hour,
    environment,
    agent,
    operation,
    subject,
    arrayMap(
        one -> (one.2, one.3, lower(hex(one.4)), lower(hex(one.5))),
        groupArraySorted({answers_max:UInt32})((sipHash64(trace_id, span_id), start, agent_version, trace_id, span_id))) AS calls
FROM drift_steps
WHERE is_answer AND sipHash64(trace_id, span_id) <= {hash_max:UInt64}
GROUP BY project, hour, environment, agent, operation, subject
ORDER BY count() DESC, project, hour, environment, agent, operation, subject
LIMIT {series_max:UInt32} BY project, hour
LIMIT {all_max:UInt32}
