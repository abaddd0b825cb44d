-- Segments verified after a moment, oldest first.
SELECT segment, toString(received_day) AS day, rows, toUnixTimestamp64Micro(verified) AS verified_us
FROM verified_segments
WHERE signal = 'traces' AND verified > fromUnixTimestamp64Micro({since_us:Int64}, 'UTC')
ORDER BY verified
LIMIT {segments_max:UInt32}
