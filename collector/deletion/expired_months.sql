-- Months of recorded segments that are over for everybody; the last record stays, which the next one follows.
SELECT DISTINCT partition
FROM system.parts
WHERE database = currentDatabase() AND table = 'verified_segments' AND active
    AND partition < toString(toYYYYMM({before:Date}))
    AND partition < (
        SELECT max(partition) FROM system.parts
        WHERE database = currentDatabase() AND table = 'verified_segments' AND active)
