-- Rows and bytes of a table.
SELECT sum(rows) AS rows, sum(bytes_on_disk) AS bytes, count() AS parts
FROM system.parts
WHERE database = currentDatabase() AND active AND table = {table:String}
