-- Traces by the hour in which they began, for lists are of the latest. Filled first and then put in the place of the
-- former table, at once: what is interrupted has changed nothing, what is done again copies itself.
CREATE OR REPLACE TABLE traces
(
    project LowCardinality(String),
    trace_id FixedString(16),
    version UInt64,
    -- that it stands in another hour now
    is_deleted UInt8,
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
    spans_left_out UInt64
)
ENGINE = ReplacingMergeTree(version, is_deleted)
-- the hour as in `trace_hours`, which names those in which a trace may stand
ORDER BY (project, toStartOfHour(start), trace_id)
SETTINGS
    -- `assembled` may not be ahead of this after a power cut
    fsync_after_insert = 1,
    fsync_part_directory = 1,
    min_rows_to_fsync_after_merge = 1,
    min_compressed_bytes_to_fsync_after_merge = 1
AS SELECT
    project, trace_id, version, toUInt8(0) AS is_deleted, environment, name, agents, services, start, end, spans, errors,
    open, status, session, user, input_tokens, output_tokens, cost_usd, error_message, spans_left_out
FROM traces FINAL
