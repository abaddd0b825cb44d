-- Error chains whose error was recorded since {recorded:UInt64}, or is that of a watched finding, counted over the traces
-- since {since:UInt64}: both are microseconds since 1970, as versions of `steps` are. `failures` are traces whose root
-- it reached; `traces` all that the error occurred in, whatever way it took, and `traces_failed` those it failed. Of what a client's clock puts into the
-- future, the time is that of the recording; what is late by a client's clock was assembled lately all the same.
WITH
    watched AS
    (
        SELECT substring(place, 33) AS project, substring(place, 1, 32) AS fingerprint
        FROM (SELECT arrayJoin({watched:Array(String)}) AS place)
    ),
    wanted AS
    (
        SELECT project, arrayJoin(chains.error) AS error
        FROM chains
        WHERE recorded > {recorded:UInt64}
        UNION DISTINCT
        SELECT project, chain.error
        FROM chains
        ARRAY JOIN chains AS chain
        WHERE version > {since:UInt64} AND (project, chain.fingerprint) IN (watched)
    )
SELECT *
FROM
(
    SELECT
        project,
        fingerprint,
        -- whatever way it took: what fails all traces by two ways is not expected on either
        sum(uniqExact(trace_id)) OVER (PARTITION BY project, error) AS traces,
        sum(uniqExactIf(trace_id, reached)) OVER (PARTITION BY project, error) AS traces_failed,
        uniqExactIf(trace_id, reached) AS failures,
        uniqExactIf(trace_id, reached AND version * 1000 >= {lately_ns:Int64}) AS failures_lately,
        uniqIf(session, reached AND session != '') AS sessions,
        uniqIf(user, reached AND user != '') AS users,
        minIf(at_ns, reached) AS first_ns,
        maxIf(at_ns, reached) AS last_ns,
        countIf(reached AND chain.transformed) AS transformed,
        argMaxIf((chain.kind, chain.agent, chain.label, chain.error_type), version, reached) AS origin,
        argMaxIf(chain.agents, version, reached) AS agents,
        argMaxIf(root, version, reached) AS failed_root,
        arrayMap(each -> (lower(hex(each.2)), arrayMap(hop -> lower(hex(hop)), each.3)), arrayReverseSort(
            groupArrayIf({examples_max:UInt32})((at_ns, trace_id, chain.hops), reached))) AS examples
    FROM
    (
        SELECT
            project, trace_id, version, session, user, root, root_failed, chain,
            chain.fingerprint AS fingerprint,
            chain.error AS error,
            least(toUnixTimestamp64Nano(chain.failed), version * 1000)::Int64 AS at_ns,
            root_failed AND chain.outcome = 'root failed' AND NOT chain.cancelled AS reached
        FROM chains FINAL
        ARRAY JOIN chains AS chain
        WHERE version > {since:UInt64} AND (project, error) IN (wanted)
    )
    GROUP BY project, error, fingerprint
)
WHERE failures > 0
-- projects take turns, what is watched and what fails most first
ORDER BY
    row_number() OVER (PARTITION BY project ORDER BY (project, fingerprint) IN (watched) DESC, failures DESC, fingerprint),
    project
LIMIT {rows_max:UInt32}
