-- Series that drifted: from the hour that told it until it was as before, or was accepted.
CREATE TABLE drift_alarms
(
    project LowCardinality(String),
    series UInt64,
    opened_hour DateTime('UTC'),
    change String,
    environment LowCardinality(String),
    agent String,
    operation LowCardinality(String),
    subject String,
    metric LowCardinality(String),
    -- 1970 while it is open
    closed_hour DateTime('UTC'),
    -- '', 'returned', 'accepted'
    closed_by LowCardinality(String),
    began DateTime('UTC'),
    began_first DateTime('UTC'),
    began_last DateTime('UTC'),
    -- place of the bet that won, in the state of its look
    bet UInt32,
    evidence Float32,
    threshold Float32,
    -- what is known of it, JSON (analytics/series/explanation.py)
    explanation String CODEC(ZSTD(3)),
    version UInt64
)
ENGINE = ReplacingMergeTree(version)
ORDER BY (project, series, opened_hour)
SETTINGS
    fsync_after_insert = 1,
    fsync_part_directory = 1,
    min_rows_to_fsync_after_merge = 1,
    min_compressed_bytes_to_fsync_after_merge = 1
