-- Hours to count after a stop, in [from, until), oldest first: those since the newest that was counted, with that one, in
-- which a trace ended, and those in which something ended that was assembled after they were counted.
SELECT DISTINCT hour_s
FROM
(
    SELECT toInt64(toUnixTimestamp(toStartOfHour(end))) AS hour_s
    FROM traces
    WHERE end >= toDateTime64(greatest({from_s:Int64}, {newest_s:Int64}), 9, 'UTC') AND end < toDateTime64({until_s:Int64}, 9, 'UTC')
    UNION ALL
    SELECT late.hour_s
    FROM
    (
        SELECT toInt64(toUnixTimestamp(toStartOfHour(end))) AS hour_s, max(version) AS assembled_us
        FROM steps
        WHERE version > {since_us:UInt64}
            AND end >= toDateTime64({from_s:Int64}, 9, 'UTC') AND end < toDateTime64({until_s:Int64}, 9, 'UTC')
        GROUP BY hour_s
    ) AS late
    LEFT JOIN
    (
        SELECT toInt64(toUnixTimestamp(hour)) AS hour_s, max(version) AS counted_ns
        FROM drift_counts
        GROUP BY hour_s
    ) AS counted ON counted.hour_s = late.hour_s
    WHERE late.assembled_us > intDiv(counted.counted_ns, 1000)
)
ORDER BY hour_s
