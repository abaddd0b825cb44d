-- Reads that take in every trace that some segments touch, but for those known to be large: ranges of
-- trace ids with so many rows in all, and by themselves the traces that are too large to be read with others.
SELECT
    lower(hex(min(trace_id))) AS first,
    lower(hex(max(trace_id))) AS last,
    sum(size) AS rows,
    size >= {alone_min:UInt64} AS alone
FROM
(
    SELECT trace_id, size, sum(if(size < {alone_min:UInt64}, size, 0)) OVER (ORDER BY trace_id) - size AS before
    FROM
    (
        SELECT trace_id, count() AS size
        FROM spans
        WHERE (project, toStartOfHour(start), trace_id) IN selected
        GROUP BY trace_id
    )
)
GROUP BY alone, if(alone, hex(trace_id), toString(intDiv(before, {rows_max:UInt64})))
ORDER BY first
