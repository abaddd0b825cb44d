-- Parts of `spans` that a merge has written since a time: nobody verified those.
SELECT name, path, bytes_on_disk
FROM system.parts
WHERE database = currentDatabase() AND table = 'spans' AND active
    AND level > 0 AND modification_time >= fromUnixTimestamp({since:UInt32})
