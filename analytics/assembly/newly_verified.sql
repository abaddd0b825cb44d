-- Segments of any signal verified after a moment, oldest first: a log touches its trace as a span does.
SELECT segment, toString(received_day) AS day, rows, toUnixTimestamp64Micro(verified) AS verified_us
FROM verified_segments
WHERE verified > fromUnixTimestamp64Micro({since_us:Int64}, 'UTC')
ORDER BY verified
LIMIT {segments_max:UInt32}
