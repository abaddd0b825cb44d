-- Calls to models among the steps that are being counted: of each of the {agents_max} busiest agents of a project and hour so many,
-- in an order that a client does not choose.
SELECT project, hour, environment, agent, places
FROM
(
    SELECT
        project,
        hour,
        environment,
        agent,
        row_number() OVER (PARTITION BY project, hour ORDER BY count() DESC, environment, agent) AS turn,
        arrayMap(
            one -> concat(lower(hex(one.2)), lower(hex(one.3)), project),
            groupArraySorted({calls_max:UInt32})((sipHash64(trace_id, span_id), trace_id, span_id))) AS places
    FROM drift_steps
    WHERE sipHash64(trace_id, span_id) <= {hash_max:UInt64} AND kind = 'llm' AND agent != ''
    GROUP BY project, hour, environment, agent
)
WHERE turn <= {agents_max:UInt32}
-- projects take turns
ORDER BY turn, project, hour
LIMIT {all_max:UInt32} BY hour
