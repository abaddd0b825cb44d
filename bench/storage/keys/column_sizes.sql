-- Bytes of each column of a table; of a part that keeps all columns in one file, none.
SELECT column, sum(column_bytes_on_disk) AS bytes
FROM system.parts_columns
WHERE database = currentDatabase() AND active AND table = {table:String}
GROUP BY column
ORDER BY min(column_position)
