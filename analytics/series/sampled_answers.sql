-- Calls of models and agents that ended in hours in a row and whose output was captured: of each of the {series_max} largest
-- series of a project and hour so many, in an order that a client does not choose.
SELECT
    project,
    toStartOfHour(end) AS hour,
    environment,
    leftUTF8(steps.agent, 200) AS agent,
    if(steps.operation = '', kind, steps.operation) AS operation,
    multiIf(kind = 'llm', leftUTF8(model, 200), depth = 0, leftUTF8(name, 200), '') AS subject,
    arrayMap(
        one -> (one.2, one.3, lower(hex(one.4)), lower(hex(one.5))),
        groupArraySorted({answers_max:UInt32})((sipHash64(trace_id, span_id), start, leftUTF8(agent_version, 200), trace_id, span_id))) AS calls
FROM steps FINAL
WHERE _partition_value.1 + 8 > toDateTime({from_s:Int64}, 'UTC')
    AND start >= toDateTime64({from_s:Int64} - 86400, 9, 'UTC')
    AND start < toDateTime64({until_s:Int64}, 9, 'UTC')
    AND end >= toDateTime64({from_s:Int64}, 9, 'UTC')
    AND end < toDateTime64({until_s:Int64}, 9, 'UTC')
    AND sipHash64(trace_id, span_id) <= {hash_max:UInt64}
    AND kind IN ('llm', 'agent') AND state = 'ended' AND output_hash != 0
    AND duration_s BETWEEN 0 AND 86400
GROUP BY project, hour, environment, agent, operation, subject
ORDER BY count() DESC, project, hour, environment, agent, operation, subject
LIMIT {series_max:UInt32} BY project, hour
LIMIT {all_max:UInt32}
