-- Error chains of a project by what failed with which error and whom it went through: how often in [from, until) and with
-- what outcome, and since when it is known. `known` goes back before `from`, as far as is read.
SELECT
    chain.fingerprint AS fingerprint,
    argMax((chain.kind, chain.agent, chain.label, chain.error_type, chain.error_message), version) AS origin,
    argMax(chain.agents, version) AS agents,
    argMax(root, version) AS newest_root,
    uniqExactIf(trace_id, inside) AS traces,
    sum(uniqExactIf(trace_id, inside)) OVER (PARTITION BY error) AS traces_with_error,
    sum(uniqExactIf(trace_id, inside AND chain.outcome = 'root failed')) OVER (PARTITION BY error) AS traces_failed,
    uniqExactIf(trace_id, inside AND chain.outcome = 'root failed') AS failures,
    uniqExactIf(trace_id, inside AND chain.outcome = 'contained') AS contained,
    uniqExactIf(trace_id, inside AND chain.outcome = 'retried') AS retried,
    uniqIf(session, inside AND session != '') AS sessions,
    uniqIf(user, inside AND user != '') AS users,
    sumIf(chain.collateral, inside) AS collateral,
    minIf(at_ns, inside) AS first_ns,
    maxIf(at_ns, inside) AS last_ns,
    min(at_ns) AS known_ns,
    count() OVER () AS chains_total
FROM
(
    SELECT
        version, trace_id, session, user, root, chain, chain.error AS error,
        least(toUnixTimestamp64Nano(chain.failed), version * 1000)::Int64 AS at_ns,
        at_ns >= {from_ns:Int64} AND at_ns < {until_ns:Int64} AS inside
    FROM chains FINAL
    ARRAY JOIN chains AS chain
    WHERE project = {project:String}
        AND version >= {known_version:UInt64}
        AND NOT chain.cancelled
        AND ({environment:String} = '' OR environment = {environment:String})
        AND ({fingerprint:String} = '' OR chain.fingerprint = {fingerprint:String})
)
GROUP BY error, fingerprint
HAVING traces > 0
ORDER BY failures DESC, length(agents) > 1 DESC, traces DESC, last_ns DESC, fingerprint
LIMIT {rows_max:UInt32}
