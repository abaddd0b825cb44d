-- Steps by the week in which they were assembled, so that what asks for those of an hour, or of late, does not merge all that
-- is stored (decision 0037), and retention rewrites one week. As in 0037_traces_by_hour.sql: filled first, then put in
-- the place of the former table, at once.
CREATE OR REPLACE TABLE steps
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
    payload_error LowCardinality(String),
    input_tokens Nullable(UInt64),
    output_tokens Nullable(UInt64),
    cached_tokens Nullable(UInt64),
    reasoning_tokens Nullable(UInt64),
    cost_usd Nullable(Float64),
    first_token_s Nullable(Float64),
    finish_reasons Array(LowCardinality(String)),
    attempt Nullable(UInt64),
    input_hash UInt64,
    output_hash UInt64,
    handoff_to String CODEC(ZSTD(1)),
    waiting_on String CODEC(ZSTD(1)),
    wait_reason LowCardinality(String),
    wait_resource String,
    wait_needed Nullable(UInt64),
    wait_timeout_s Nullable(Float64),
    holds String,
    holds_capacity Nullable(UInt64),
    tokens_counted Bool,
    cost_counted Bool,
    depth UInt32,
    failed Bool ALIAS status = 'error' OR payload_error NOT IN ('', 'empty'),
    INDEX version_index version TYPE minmax GRANULARITY 1,
    INDEX start_index start TYPE minmax GRANULARITY 1
)
ENGINE = ReplacingMergeTree(version)
PARTITION BY toMonday(fromUnixTimestamp64Micro(version), 'UTC')
ORDER BY (project, trace_id, span_id)
SETTINGS
    -- `assembled` may not be ahead of this after a power cut
    fsync_after_insert = 1,
    fsync_part_directory = 1,
    min_rows_to_fsync_after_merge = 1,
    min_compressed_bytes_to_fsync_after_merge = 1,
    max_parts_to_merge_at_once = 8
AS SELECT
    project, trace_id, span_id, parent_span_id, version, environment, service, service_instance, agent_version, name,
    kind, agent, agent_id, operation, tool, tool_call_id, model, provider, session, user, start, end, duration_s,
    state, status, error_type, error_message, payload_error, input_tokens, output_tokens, cached_tokens,
    reasoning_tokens, cost_usd, first_token_s, finish_reasons, attempt, input_hash, output_hash, handoff_to,
    waiting_on, wait_reason, wait_resource, wait_needed, wait_timeout_s, holds, holds_capacity, tokens_counted,
    cost_counted, depth
FROM steps
SETTINGS
    -- as many weeks as there are
    max_partitions_per_insert_block = 0,
    -- what is written at once is in memory
    max_insert_threads = 1, min_insert_block_size_rows = 250000, min_insert_block_size_bytes = 100000000
