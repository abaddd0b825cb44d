-- Those that were loaded together were recorded at the same microsecond; now each has its own.
INSERT INTO verified_segments (segment, signal, received_day, rows, verified)
SELECT
    segment, signal, received_day, rows,
    verified + toIntervalMicrosecond(row_number() OVER (PARTITION BY verified ORDER BY segment) - 1)
FROM segments FINAL
