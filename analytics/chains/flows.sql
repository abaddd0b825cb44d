-- How errors flowed in [from, until): from whom to whom, how often, and of those how often it failed the root in the end.
SELECT
    hop.1 AS source,
    hop.2 AS target,
    uniqExact(trace_id) AS traces,
    uniqExactIf(trace_id, outcome = 'root failed') AS failures
FROM
(
    SELECT
        trace_id,
        chain.outcome AS outcome,
        least(toUnixTimestamp64Nano(chain.failed), version * 1000)::Int64 AS at_ns,
        arrayJoin(arrayZip(arrayPopBack(chain.agents), arrayPopFront(chain.agents))) AS hop
    FROM chains FINAL
    ARRAY JOIN chains AS chain
    WHERE project = {project:String}
        AND version >= {known_version:UInt64}
        AND NOT chain.cancelled
        AND at_ns >= {from_ns:Int64}
        AND at_ns < {until_ns:Int64}
        AND ({environment:String} = '' OR environment = {environment:String})
        AND ({fingerprint:String} = '' OR chain.fingerprint = {fingerprint:String})
)
GROUP BY source, target
ORDER BY traces DESC, source, target
LIMIT {rows_max:UInt32}
