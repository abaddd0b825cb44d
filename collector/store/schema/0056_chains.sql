-- The error chains of a trace, all of them in one row: a newer version of the trace replaces them as a whole. Derived
-- from `steps`. A trace in which nothing has failed has no row, and one in which nothing failed after all an empty one.
CREATE TABLE chains
(
    project LowCardinality(String),
    trace_id FixedString(16),
    -- of the steps that they were found in, and when that was: microseconds since 1970, about
    version UInt64,
    recorded UInt64,
    environment LowCardinality(String),
    root String,
    root_failed Bool,
    session String,
    user String,
    chains Array(Tuple(
        fingerprint String,
        -- the same for the same error, whatever way it took
        error String,
        failed DateTime64(9, 'UTC'),
        kind String,
        agent String,
        label String,
        error_type String,
        error_text String,
        error_message String,
        agents Array(String),
        outcome String,
        handling String,
        consumer FixedString(8),
        cancelled Bool,
        transformed Bool,
        hops Array(FixedString(8)),
        stopped_at FixedString(8),
        origins UInt32,
        collateral UInt32)),
    INDEX recorded_index recorded TYPE minmax GRANULARITY 1
)
ENGINE = ReplacingMergeTree(version)
-- looks are at a day of them, however many are kept
PARTITION BY toDate(fromUnixTimestamp64Micro(version), 'UTC')
ORDER BY (project, trace_id)
SETTINGS
    fsync_after_insert = 1,
    fsync_part_directory = 1,
    min_rows_to_fsync_after_merge = 1,
    min_compressed_bytes_to_fsync_after_merge = 1
