-- Parts of a day that a start took out of use.
SELECT table, name AS part
FROM system.detached_parts
WHERE database = currentDatabase() AND table IN ('spans', 'span_logs', 'contents')
    AND partition_id = replaceAll({day:String}, '-', '')
