-- One row per span, as assembly understands it: its agent by the nearest ancestor, the session of
-- the root, tokens counted once. Derived from `spans`, idempotent: a newer version replaces.
CREATE TABLE steps
(
    project LowCardinality(String),
    trace_id FixedString(16),
    span_id FixedString(8),
    parent_span_id FixedString(8),
    version UInt64,
    environment LowCardinality(String),
    service LowCardinality(String),
    service_instance LowCardinality(String),
    agent_version LowCardinality(String),
    name String CODEC(ZSTD(1)),
    kind LowCardinality(String),
    agent String CODEC(ZSTD(1)),
    agent_id String CODEC(ZSTD(1)),
    operation LowCardinality(String),
    tool String CODEC(ZSTD(1)),
    tool_call_id String CODEC(ZSTD(1)),
    model LowCardinality(String),
    provider LowCardinality(String),
    session String CODEC(ZSTD(1)),
    user String CODEC(ZSTD(1)),
    start DateTime64(9, 'UTC'),
    end DateTime64(9, 'UTC'),
    duration_s Float64,
    state LowCardinality(String),
    status LowCardinality(String),
    error_type LowCardinality(String),
    error_message String CODEC(ZSTD(1)),
    input_tokens Nullable(UInt64),
    output_tokens Nullable(UInt64),
    cached_tokens Nullable(UInt64),
    reasoning_tokens Nullable(UInt64),
    cost_usd Nullable(Float64),
    finish_reasons Array(LowCardinality(String)),
    attempt Nullable(UInt64),
    handoff_to String CODEC(ZSTD(1)),
    waiting_on String CODEC(ZSTD(1)),
    wait_reason LowCardinality(String),
    tokens_counted Bool,
    cost_counted Bool,
    depth UInt32,
    INDEX version_index version TYPE minmax GRANULARITY 1,
    INDEX start_index start TYPE minmax GRANULARITY 1
)
ENGINE = ReplacingMergeTree(version)
ORDER BY (project, trace_id, span_id)
SETTINGS
    -- `assembled` may not be ahead of this after a power cut
    fsync_after_insert = 1,
    fsync_part_directory = 1,
    min_rows_to_fsync_after_merge = 1,
    min_compressed_bytes_to_fsync_after_merge = 1;
