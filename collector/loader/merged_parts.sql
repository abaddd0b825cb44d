-- Parts that a merge or a deletion has written since a time: nobody verified those.
SELECT table, name, path, bytes_on_disk
FROM system.parts
WHERE database = currentDatabase() AND active
    AND (level > 0 OR data_version > min_block_number) AND modification_time >= fromUnixTimestamp({since:UInt32})
