-- The active parts that hold rows of some segments, where they lie, and their bytes as counted.
SELECT table, name, path, bytes_on_disk
FROM system.parts
WHERE database = currentDatabase() AND table = {table:String} AND active
    AND name IN (
        SELECT DISTINCT _part FROM {table:Identifier}
        WHERE received_day = {day:Date} AND segment IN {segments:Array(String)})
