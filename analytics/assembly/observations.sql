-- Every span that was ever reported open, in the traces that read_reports.sql reads: when it was
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
WHERE (project, toStartOfHour(start), trace_id) IN selected
    AND (start, span_id) <= (
        fromUnixTimestamp64Nano({until_ns:Int64}, 'UTC'), toFixedString(unhex({until_span:String}), 8))
GROUP BY project, trace_id, span_id
HAVING max(open)
ORDER BY project, trace_id, span_id
