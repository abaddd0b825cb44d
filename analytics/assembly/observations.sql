-- Every span that was ever reported open, in the traces that some segments touch: when it was
-- seen, whether its end came, and when its progress counter last moved.
SELECT
    project,
    trace_id,
    span_id,
    max(NOT open) AS ended,
    minIf(received, open) AS first_seen,
    max(received) AS observed,
    toUInt32(countIf(open)) AS heartbeats,
    argMinIf(received, (-toInt64(ifNull(progress, 0)), received), open) AS progressed
FROM spans
WHERE (project, trace_id) IN (
    SELECT project, trace_id FROM spans
    WHERE received_day IN {days:Array(Date)} AND segment IN {segments:Array(String)})
GROUP BY project, trace_id, span_id
HAVING max(open)
ORDER BY project, trace_id, span_id
