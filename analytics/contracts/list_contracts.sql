-- Boundaries of a project with what was seen of them in [from, until): how many calls were checked and how many broke their
-- contract, most breaks first. Time is that of assembly: a client's clock may be wrong.
SELECT
    calls.boundary AS boundary,
    any(kind) AS boundary_kind,
    any(agent) AS boundary_agent,
    any(name) AS boundary_name,
    any(side) AS boundary_side,
    argMax(source, version) AS source_last,
    argMax(agent_version, version) AS version_last,
    uniqExact(agent_version) AS versions,
    count() AS calls_seen,
    countIf(source != '' AND outcome != 'unknown') AS checked,
    countIf(outcome = 'broken') AS broken,
    countIf(outcome = 'usual') AS usual,
    if(broken > 0, toUnixTimestamp64Nano(maxIf(start, outcome = 'broken')), 0) AS last_ns,
    any(learned_calls) AS calls_learned,
    count() OVER () AS total
FROM contract_calls AS calls FINAL
LEFT JOIN
(
    SELECT project, boundary, max(calls) AS learned_calls
    FROM contracts FINAL
    WHERE project = {project:String} AND source = 'learned'
    GROUP BY project, boundary
) AS learned USING (project, boundary)
WHERE project = {project:String}
    AND version >= {from_us:UInt64}
    AND version < {until_us:UInt64}
    AND ({environment:String} = '' OR environment = {environment:String})
    AND ({boundary:String} = '' OR calls.boundary = {boundary:String})
GROUP BY calls.boundary
ORDER BY broken DESC, source_last != '' DESC, checked DESC, boundary
LIMIT {rows_max:UInt32}
