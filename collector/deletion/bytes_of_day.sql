-- Bytes on disk of what was received on a day.
SELECT sum(bytes_on_disk) AS bytes
FROM system.parts
WHERE database = currentDatabase() AND table IN ('spans', 'span_logs', 'contents') AND active
    AND partition = {day:String}
