-- An empty row for each trace that has chains and was written again without any: what fails in it is recorded before this.
INSERT INTO chains (project, trace_id, version, recorded)
SELECT project, trace_id, newest, toUnixTimestamp64Micro(now64(6))
FROM
(
    SELECT project, trace_id, max(version) AS newest
    FROM steps
    WHERE version > {after:UInt64} AND version <= {until:UInt64}
    GROUP BY project, trace_id
) AS touched
INNER JOIN
(
    SELECT project, trace_id, version AS recorded_version
    FROM chains FINAL
    WHERE notEmpty(chains.hops) AND (project, trace_id) IN (
        SELECT project, trace_id FROM steps WHERE version > {after:UInt64} AND version <= {until:UInt64})
) AS standing USING (project, trace_id)
WHERE recorded_version < newest
SETTINGS max_insert_threads = 1
