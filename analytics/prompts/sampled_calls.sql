-- Calls to models that ended in hours in a row: of each of the {agents_max} busiest agents of a project and hour so many, in an order that
-- a client does not choose; or of one agent alone.
SELECT project, hour, environment, agent, places
FROM
(
    SELECT
        project,
        toStartOfHour(end) AS hour,
        environment,
        leftUTF8(steps.agent, 200) AS agent,
        row_number() OVER (PARTITION BY project, hour ORDER BY count() DESC, environment, agent) AS turn,
        arrayMap(
            one -> concat(lower(hex(one.2)), lower(hex(one.3)), project),
            groupArraySorted({calls_max:UInt32})((sipHash64(trace_id, span_id), trace_id, span_id))) AS places
    FROM steps FINAL
    WHERE _partition_value.1 + 8 > toDateTime({from_s:Int64}, 'UTC')
        AND start >= toDateTime64({from_s:Int64} - 86400, 9, 'UTC')
        AND start < toDateTime64({until_s:Int64}, 9, 'UTC')
        AND end >= toDateTime64({from_s:Int64}, 9, 'UTC')
        AND end < toDateTime64({until_s:Int64}, 9, 'UTC')
        AND sipHash64(trace_id, span_id) <= {hash_max:UInt64}
        AND (NOT {is_of_one:Bool} OR (project = {project:String} AND environment = {environment:String} AND leftUTF8(steps.agent, 200) = {agent:String}))
        AND kind = 'llm' AND steps.agent != '' AND state IN ('ended', 'cancelled')
    GROUP BY project, hour, environment, agent
)
WHERE turn <= {agents_max:UInt32}
-- projects take turns
ORDER BY turn, project, hour
LIMIT {all_max:UInt32} BY hour
