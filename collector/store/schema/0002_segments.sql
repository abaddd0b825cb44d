-- Segments that are in `spans` for certain: counted, and their part's bytes verified. A segment
-- that is not here is counted again. Repeating an entry changes nothing.
CREATE TABLE segments
(
    segment String,
    signal LowCardinality(String),
    received_day Date,
    rows UInt64,
    verified DateTime64(6, 'UTC')
)
ENGINE = ReplacingMergeTree
PARTITION BY toYYYYMM(received_day)
ORDER BY segment
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;
