-- Segments that are in `spans` for certain: counted, and their part's bytes verified. A segment that is
-- not here is counted again; one that is recorded again has two rows, which say the same to all who read.
-- By the time they were recorded: who follows reads what is new and the newest, however much is stored.
-- `verified` is of one row alone and above that of all rows that can be seen (record_segments.sql).
CREATE TABLE verified_segments
(
    segment String,
    signal LowCardinality(String),
    received_day Date,
    rows UInt64,
    verified DateTime64(6, 'UTC')
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(received_day)
ORDER BY (verified, segment)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;
