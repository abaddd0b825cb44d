-- Answers of a speaker that ended in [from, until) and were captured, drawn by chance; kinds and names as in
-- sampled_answers.sql.
SELECT lower(hex(trace_id)) AS trace, lower(hex(span_id)) AS span
FROM
(
    SELECT project, trace_id, span_id
    FROM steps
    WHERE _partition_value.1 + 8 > fromUnixTimestamp64Nano({from_ns:Int64}, 'UTC')
        AND project = {project:String} AND environment = {environment:String} AND leftUTF8(agent, 200) = {agent:String}
        AND start >= fromUnixTimestamp64Nano({from_ns:Int64}, 'UTC') - toIntervalDay(1)
        AND start < fromUnixTimestamp64Nano({until_ns:Int64}, 'UTC')
        AND end >= fromUnixTimestamp64Nano({from_ns:Int64}, 'UTC') AND end < fromUnixTimestamp64Nano({until_ns:Int64}, 'UTC')
        AND kind IN ('llm', 'agent') AND state = 'ended' AND output_hash != 0
        AND if(operation = '', kind, operation) = {operation:String}
        AND multiIf(kind = 'llm', leftUTF8(model, 200), depth = 0, leftUTF8(name, 200), '') = {subject:String}
    ORDER BY sipHash64(trace_id, span_id)
    LIMIT {steps_max:UInt32}
)
GROUP BY project, trace_id, span_id
ORDER BY sipHash64(trace_id, span_id)
LIMIT {answers_max:UInt32}
