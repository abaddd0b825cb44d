-- Reads that take in every trace that some segments touch, but for those known to be large: ranges of
-- places (selected.sql) with so many rows in all, and by themselves the traces that are too large to be read
-- with others.
SELECT
    min(place) AS first,
    max(place) AS last,
    sum(size) AS rows,
    size >= {alone_min:UInt64} AS alone
FROM
(
    SELECT place, size, sum(if(size < {alone_min:UInt64}, size, 0)) OVER (ORDER BY place) - size AS before
    FROM
    (
        SELECT concat(lower(hex(trace_id)), project) AS place, count() AS size
        FROM spans
        WHERE (project, toStartOfHour(start), trace_id) IN selected
        GROUP BY project, trace_id
    )
)
GROUP BY alone, if(alone, place, toString(intDiv(before, {rows_max:UInt64})))
ORDER BY first
