-- One row per trace for lists, derived like `steps`.
CREATE TABLE traces
(
    project LowCardinality(String),
    trace_id FixedString(16),
    version UInt64,
    environment LowCardinality(String),
    name String CODEC(ZSTD(1)),
    agents Array(LowCardinality(String)),
    services Array(LowCardinality(String)),
    start DateTime64(9, 'UTC'),
    end DateTime64(9, 'UTC'),
    spans UInt32,
    errors UInt32,
    open UInt32,
    status LowCardinality(String),
    session String CODEC(ZSTD(1)),
    user String CODEC(ZSTD(1)),
    input_tokens Nullable(UInt64),
    output_tokens Nullable(UInt64),
    cost_usd Nullable(Float64),
    error_message String CODEC(ZSTD(1)),
    -- of a trace too large to be assembled whole: those that began last
    spans_left_out UInt64,
    INDEX start_index start TYPE minmax GRANULARITY 1
)
ENGINE = ReplacingMergeTree(version)
ORDER BY (project, trace_id)
SETTINGS
    -- `assembled` may not be ahead of this after a power cut
    fsync_after_insert = 1,
    fsync_part_directory = 1,
    min_rows_to_fsync_after_merge = 1,
    min_compressed_bytes_to_fsync_after_merge = 1;
