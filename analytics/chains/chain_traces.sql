-- The newest traces with one error chain, and the way that it took in each.
SELECT
    lower(hex(trace_id)) AS trace,
    least(toUnixTimestamp64Nano(chain.failed), version * 1000)::Int64 AS at_ns,
    root,
    session,
    user,
    chain.outcome AS outcome,
    chain.handling AS handling,
    arrayMap(hop -> lower(hex(hop)), chain.hops) AS hops,
    if(chain.stopped_at = toFixedString('', 8), '', lower(hex(chain.stopped_at))) AS stopped_at
FROM chains FINAL
ARRAY JOIN chains AS chain
WHERE project = {project:String}
    AND version >= {known_version:UInt64}
    AND chain.fingerprint = {fingerprint:String}
    AND at_ns >= {from_ns:Int64}
    AND at_ns < {until_ns:Int64}
    AND ({environment:String} = '' OR environment = {environment:String})
ORDER BY outcome = 'root failed' DESC, at_ns DESC, trace
LIMIT {rows_max:UInt32}
