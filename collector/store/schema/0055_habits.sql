-- What is usual of traces, from some of each hour that ended well: how many had which value of a measure. `name` is
-- what they are alike in: the root's name, or the call that is repeated. An hour is counted as a whole; the newest
-- version of its rows replaces the others.
CREATE TABLE habits
(
    project LowCardinality(String),
    hour DateTime('UTC'),
    measure LowCardinality(String),
    name String,
    value Float64,
    n UInt64,
    version UInt64
)
ENGINE = ReplacingMergeTree(version)
ORDER BY (project, hour, measure, name, value)
TTL hour + INTERVAL 8 DAY
SETTINGS
    fsync_after_insert = 1,
    fsync_part_directory = 1,
    min_rows_to_fsync_after_merge = 1,
    min_compressed_bytes_to_fsync_after_merge = 1
