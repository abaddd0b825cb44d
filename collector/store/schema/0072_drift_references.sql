-- What every series is compared with, the latest `version` of each. `reference` is of analytics/series/kept.py, made once
-- and kept for as long as it is used: longer than the counts that it was learned from.
CREATE TABLE drift_references
(
    project LowCardinality(String),
    -- of environment, agent, operation, subject and metric (analytics/series/key.py)
    series UInt64,
    environment LowCardinality(String),
    agent String,
    operation LowCardinality(String),
    subject String,
    metric LowCardinality(String),
    -- learned from these hours, [from, until); until is 1970 while there is no reference yet
    learned_from DateTime('UTC'),
    learned_until DateTime('UTC'),
    reference String CODEC(ZSTD(3)),
    version UInt64
)
ENGINE = ReplacingMergeTree(version)
ORDER BY (project, series)
SETTINGS
    fsync_after_insert = 1,
    fsync_part_directory = 1,
    min_rows_to_fsync_after_merge = 1,
    min_compressed_bytes_to_fsync_after_merge = 1
