-- The active parts that hold rows of some segments, where they lie, and their bytes as counted.
SELECT name, path, bytes_on_disk
FROM system.parts
WHERE database = currentDatabase() AND table = 'spans' AND active
    AND name IN (
        SELECT DISTINCT _part FROM spans
        WHERE received_day = {day:Date} AND segment IN {segments:Array(String)})
