-- What a look at an hour said of each series. `state` goes on from there.
CREATE TABLE drift_looks
(
    project LowCardinality(String),
    series UInt64,
    -- the id of a known change since which evidence is added up, '' for all the time
    change String,
    -- the last hour of the bucket that was looked at
    hour DateTime('UTC'),
    n UInt64,
    -- evidence and what it takes, as logarithms
    evidence Float32,
    threshold Float32,
    -- the score that holds most of it, and whether it went up
    score LowCardinality(String),
    is_up Bool,
    looked DateTime('UTC') DEFAULT now(),
    state String CODEC(ZSTD(1)) TTL looked + INTERVAL 7 DAY,
    version UInt64
)
ENGINE = ReplacingMergeTree(version)
PARTITION BY toMonday(hour)
ORDER BY (hour, project, series, change)
TTL hour + INTERVAL 70 DAY
SETTINGS
    fsync_after_insert = 1,
    fsync_part_directory = 1,
    min_rows_to_fsync_after_merge = 1,
    min_compressed_bytes_to_fsync_after_merge = 1
