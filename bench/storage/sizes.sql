-- Bytes on disk and parts of every table that grows; of those that have days, of some days.
SELECT table, sum(rows) AS rows, sum(bytes_on_disk) AS bytes, count() AS parts
FROM system.parts
WHERE database = currentDatabase() AND active
    AND (table IN ('steps', 'traces', 'trace_hours', 'open_spans')
        OR (table IN ('spans', 'contents') AND partition IN {days:Array(String)}))
GROUP BY table
ORDER BY table
