-- Durations per hour and key in log-spaced bins: bin = floor(log(duration_s) / log(1.05)).
-- An hour is recomputed from `steps` as a whole; the newest version of a row replaces the others.
CREATE TABLE duration_bins
(
    project LowCardinality(String),
    hour DateTime('UTC'),
    agent String,
    operation LowCardinality(String),
    tool String,
    model LowCardinality(String),
    kind LowCardinality(String),
    agent_version LowCardinality(String),
    bin Int16,
    outcome LowCardinality(String),
    n UInt64,
    version UInt64
)
ENGINE = ReplacingMergeTree(version)
ORDER BY (project, hour, kind, operation, tool, agent, model, agent_version, bin, outcome)
TTL hour + INTERVAL 8 DAY
SETTINGS
    -- `assembled` may not be ahead of this after a power cut
    fsync_after_insert = 1,
    fsync_part_directory = 1,
    min_rows_to_fsync_after_merge = 1,
    min_compressed_bytes_to_fsync_after_merge = 1;
