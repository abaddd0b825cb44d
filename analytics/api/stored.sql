-- Spans and log records in the store, from the parts' own counts, and the newest segment.
SELECT
    (SELECT sum(rows) FROM system.parts
        WHERE database = currentDatabase() AND table = 'spans' AND active) AS spans,
    (SELECT sum(rows) FROM system.parts
        WHERE database = currentDatabase() AND table = 'span_logs' AND active) AS log_records,
    max(segment) AS newest_segment,
    toUnixTimestamp64Micro(max(verified)) AS newest_us
FROM (SELECT segment, verified FROM verified_segments ORDER BY verified DESC LIMIT 1)
