-- Errors that somebody contained and did not tell of, in the traces that were recorded since {recorded:UInt64}, and those of
-- watched findings, counted over the traces since {since:UInt64}: both are microseconds, as versions of `steps` are. `swallowed` are traces in whose answer nothing is said of it, `consumed` those of them in which another agent took
-- that answer in, `judged` all in which the answer is captured.
WITH
    watched AS
    (
        SELECT substring(place, 33) AS project, substring(place, 1, 32) AS fingerprint
        FROM (SELECT arrayJoin({watched:Array(String)}) AS place)
    ),
    moved AS
    (
        SELECT DISTINCT project, chain.fingerprint AS fingerprint
        FROM chains
        ARRAY JOIN chains AS chain
        WHERE recorded > {recorded:UInt64} AND chain.handling IN ('consumed', 'silent')
    )
SELECT
    project,
    fingerprint,
    uniqExactIf(trace_id, chain.handling != 'unknown') AS judged,
    uniqExactIf(trace_id, is_swallowed) AS swallowed,
    uniqExactIf(trace_id, chain.handling = 'consumed') AS consumed,
    uniqExactIf(trace_id, is_swallowed AND version * 1000 >= {lately_ns:Int64}) AS swallowed_lately,
    minIf(at_ns, is_swallowed) AS first_ns,
    maxIf(at_ns, is_swallowed) AS last_ns,
    argMaxIf((chain.kind, chain.agent, chain.label, chain.error_type), version, is_swallowed) AS origin,
    argMaxIf(chain.agents, version, is_swallowed) AS agents,
    argMaxIf(root, version, is_swallowed) AS newest_root,
    arrayMap(each -> (lower(hex(each.3)), lower(hex(each.4)), lower(hex(each.5)), lower(hex(each.6))), arrayReverseSort(
        groupArrayIf({examples_max:UInt32})(
            (chain.handling = 'consumed', at_ns, trace_id, chain.hops[1], chain.stopped_at, chain.consumer),
            is_swallowed))) AS examples
FROM
(
    SELECT
        project, trace_id, version, root, chain,
        chain.fingerprint AS fingerprint,
        least(toUnixTimestamp64Nano(chain.failed), version * 1000)::Int64 AS at_ns,
        chain.handling IN ('consumed', 'silent') AS is_swallowed
    FROM chains FINAL
    ARRAY JOIN chains AS chain
    WHERE version > {since:UInt64} AND (project, fingerprint) IN (SELECT * FROM moved UNION ALL SELECT * FROM watched)
)
GROUP BY project, fingerprint
HAVING swallowed > 0
-- projects take turns, what is watched and what is consumed most first
ORDER BY
    row_number() OVER (
        PARTITION BY project ORDER BY (project, fingerprint) IN (watched) DESC, consumed DESC, swallowed DESC, fingerprint),
    project
LIMIT {rows_max:UInt32}
