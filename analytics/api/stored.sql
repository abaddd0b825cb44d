-- Spans in the store, from the parts' own counts, and the newest segment.
SELECT
    (SELECT sum(rows) FROM system.parts
        WHERE database = currentDatabase() AND table = 'spans' AND active) AS spans,
    max(segment) AS newest_segment,
    toUnixTimestamp64Micro(max(verified)) AS newest_us
FROM (SELECT segment, verified FROM verified_segments ORDER BY verified DESC LIMIT 1)
