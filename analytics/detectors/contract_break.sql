-- Breaks of contracts, by boundary, path and cause: those of which one was recorded since {recorded:UInt64}, or that are
-- watched, counted over the calls since {since:UInt64}; both are microseconds since 1970, as versions of `steps` are. A call
-- was consumed if it went through although its arguments were wrong, or if agents or models went on after its result and it
-- was not asked again until it was right. `kept_after` are calls that kept the contract after the first that did not.
WITH
    watched AS
    (
        SELECT substring(place, 33) AS project, substring(place, 1, 32) AS fingerprint
        FROM (SELECT arrayJoin({watched:Array(String)}) AS place)
    ),
    wanted AS
    (
        SELECT DISTINCT project, boundary
        FROM contract_calls
        WHERE version > {since:UInt64} AND outcome = 'broken'
            AND (recorded > {recorded:UInt64} OR (project, boundary) IN (
                SELECT project, boundary FROM contract_calls ARRAY JOIN violations AS one
                WHERE version > {since:UInt64} AND (project, one.fingerprint) IN (watched)))
    ),
    calls AS
    (
        SELECT *
        FROM contract_calls FINAL
        WHERE version > {since:UInt64} AND (project, boundary) IN (wanted) AND source != ''
    ),
    went_on AS
    (
        SELECT project, trace_id, max(start) AS last
        FROM steps
        WHERE (project, trace_id) IN (SELECT project, trace_id FROM calls WHERE outcome = 'broken') AND kind IN ('llm', 'agent', 'handoff')
        GROUP BY project, trace_id
    ),
    right_at_last AS
    (
        SELECT project, boundary, trace_id, max(start) AS kept
        FROM calls
        WHERE outcome = 'passed' AND (project, trace_id) IN (SELECT project, trace_id FROM calls WHERE outcome = 'broken')
        GROUP BY project, boundary, trace_id
    ),
    counts AS
    (
        SELECT project, boundary, source, agent_version, countIf(outcome != 'unknown') AS checked, countIf(outcome = 'broken') AS broken_of_all,
            maxIf(start, outcome = 'passed') AS last_kept
        FROM calls
        GROUP BY project, boundary, source, agent_version
    )
SELECT
    project, fingerprint, boundary, source, kind, agent, name, side, agent_version, path, cause,
    any(checked) AS calls_checked,
    any(broken_of_all) AS calls_broken,
    count() AS broken,
    countIf(is_consumed) AS consumed,
    argMax(expected, start) AS expected_last,
    argMax(got_type, start) AS got_type_last,
    any(last_kept) > min(start) AS kept_after,
    toUnixTimestamp64Nano(min(start)) AS first_ns,
    toUnixTimestamp64Nano(max(start)) AS last_ns,
    max(version) * 1000 AS seen_ns,
    arrayMap(one -> (one.2, one.3), groupArraySorted({examples_max:UInt32})((NOT is_consumed, trace, span))) AS examples
FROM
(
    SELECT
        project, boundary, source, kind, agent, name, side, agent_version, start, version, checked, broken_of_all, last_kept,
        lower(hex(trace_id)) AS trace,
        lower(hex(span_id)) AS span,
        one.fingerprint AS fingerprint,
        one.path AS path,
        one.cause AS cause,
        one.expected AS expected,
        one.got_type AS got_type,
        if(side = 'input', NOT failed, went_on.last >= calls.end AND ifNull(right_at_last.kept, toDateTime64(0, 9, 'UTC')) < calls.start) AS is_consumed
    FROM calls
    ARRAY JOIN violations AS one
    LEFT JOIN went_on USING (project, trace_id)
    LEFT JOIN right_at_last USING (project, boundary, trace_id)
    LEFT JOIN counts USING (project, boundary, source, agent_version)
    WHERE outcome = 'broken'
)
GROUP BY project, fingerprint, boundary, source, kind, agent, name, side, agent_version, path, cause
-- projects take turns, what is watched and the most frequent first
ORDER BY
    row_number() OVER (PARTITION BY project ORDER BY (project, fingerprint) IN (watched) DESC, consumed DESC, broken DESC, fingerprint),
    project
LIMIT {rows_max:UInt32}
