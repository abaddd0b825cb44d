-- Log records that belong to spans, as they arrived, append-only and counted by segment as `spans` is; a
-- client's retry is a row of its own and is folded on read. Joined to spans by their ids, on read and in
-- assembly, which reads the narrow columns alone. By trace: when its span began is not known to a record,
-- so who looks bounds the days instead.
CREATE TABLE span_logs
(
    project LowCardinality(String),
    segment LowCardinality(String),
    received_day Date,
    received DateTime64(9, 'UTC') CODEC(Delta(8), ZSTD(1)),
    trace_id FixedString(16) CODEC(ZSTD(1)),
    span_id FixedString(8) CODEC(ZSTD(1)),
    time DateTime64(9, 'UTC') CODEC(Delta(8), ZSTD(1)),
    event LowCardinality(String),
    severity UInt8,
    service LowCardinality(String),
    scope_name LowCardinality(String),
    exception_type LowCardinality(String),
    exception_message String CODEC(ZSTD(1)),
    pause_reason LowCardinality(String),
    body String CODEC(ZSTD(1)),
    attributes Map(LowCardinality(String), String) CODEC(ZSTD(1)),
    marks Array(LowCardinality(String)),
    INDEX segment_index segment TYPE minmax GRANULARITY 1
)
ENGINE = MergeTree
PARTITION BY received_day
ORDER BY (project, trace_id, span_id, time)
SETTINGS
    -- records hold whole conversations, and one trace's are looked for at a time
    index_granularity = 512,
    min_bytes_for_wide_part = 268435456,
    fsync_after_insert = 1,
    fsync_part_directory = 1,
    min_rows_to_fsync_after_merge = 1,
    min_compressed_bytes_to_fsync_after_merge = 1,
    max_suspicious_broken_parts = 1000000,
    max_suspicious_broken_parts_bytes = 1000000000000,
    old_parts_lifetime = 480,
    non_replicated_deduplication_window = 0;
