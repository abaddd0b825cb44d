-- An empty row for each trace that has chains and in which, as it is now, nothing has failed.
INSERT INTO chains (project, trace_id, version, recorded)
SELECT project, trace_id, max(version), toUnixTimestamp64Micro(now64(6))
FROM steps
WHERE version > {after:UInt64} AND version <= {until:UInt64}
    AND (project, trace_id) IN (
        SELECT project, trace_id
        FROM chains FINAL
        WHERE notEmpty(chains.hops) AND (project, trace_id) IN (
            SELECT project, trace_id FROM steps WHERE version > {after:UInt64} AND version <= {until:UInt64}))
GROUP BY project, trace_id
HAVING argMax(status = 'error' OR payload_error != '', (version, status = 'error' OR payload_error != '')) = 0
SETTINGS max_insert_threads = 1
