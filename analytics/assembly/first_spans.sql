-- Up to which span the one selected trace is read that has more than so many, by start, and how many are left out: whoever
-- began first is above the others, so what is read hangs together. No row where there are fewer.
SELECT toUnixTimestamp64Nano(begun) AS until_ns, lower(hex(span_id)) AS until_span, spans - {others_max:UInt64} - 1 AS left_out
FROM
(
    SELECT span_id, begun, count() OVER () AS spans
    FROM
    (
        SELECT span_id, min(start) AS begun
        FROM spans
        WHERE (project, toStartOfHour(start), trace_id) IN selected
        GROUP BY project, span_id
    )
)
ORDER BY begun, span_id
LIMIT 1 OFFSET {others_max:UInt64}
