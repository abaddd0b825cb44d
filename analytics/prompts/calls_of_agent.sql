-- Calls of an agent to models that ended in an hour: so many, those that sampled_calls.sql takes of it where it takes any.
SELECT concat(lower(hex(trace_id)), lower(hex(span_id)), {project:String}) AS place
FROM steps FINAL
WHERE _partition_value.1 + 8 > toDateTime({hour_s:Int64}, 'UTC')
    AND project = {project:String} AND environment = {environment:String} AND leftUTF8(agent, 200) = {agent:String}
    AND start >= toDateTime64({hour_s:Int64} - 86400, 9, 'UTC')
    AND start < toDateTime64({hour_s:Int64} + 3600, 9, 'UTC')
    AND end >= toDateTime64({hour_s:Int64}, 9, 'UTC')
    AND end < toDateTime64({hour_s:Int64} + 3600, 9, 'UTC')
    AND kind = 'llm' AND state IN ('ended', 'cancelled') AND duration_s BETWEEN 0 AND 86400
ORDER BY sipHash64(trace_id, span_id), trace_id, span_id
LIMIT {calls_max:UInt32}
