-- What was reported open. Every report is an observation; the engine folds those of a span into one
-- row: when it was first and last seen, its newest progress, whether it ended. `ended` never goes back.
-- Partitioned by the day of the report (our clock), so that a day drops as a whole.
CREATE TABLE open_spans
(
    project LowCardinality(String),
    trace_id FixedString(16),
    span_id FixedString(8),
    parent_span_id SimpleAggregateFunction(anyLast, FixedString(8)),
    first_seen SimpleAggregateFunction(min, DateTime64(9, 'UTC')),
    observed SimpleAggregateFunction(max, DateTime64(9, 'UTC')),
    ended SimpleAggregateFunction(max, Bool),
    environment SimpleAggregateFunction(anyLast, LowCardinality(String)),
    service SimpleAggregateFunction(anyLast, LowCardinality(String)),
    service_instance SimpleAggregateFunction(anyLast, LowCardinality(String)),
    agent_version SimpleAggregateFunction(anyLast, LowCardinality(String)),
    name SimpleAggregateFunction(anyLast, String),
    kind SimpleAggregateFunction(anyLast, LowCardinality(String)),
    agent SimpleAggregateFunction(anyLast, String),
    agent_id SimpleAggregateFunction(anyLast, String),
    operation SimpleAggregateFunction(anyLast, LowCardinality(String)),
    tool SimpleAggregateFunction(anyLast, String),
    model SimpleAggregateFunction(anyLast, LowCardinality(String)),
    start SimpleAggregateFunction(anyLast, DateTime64(9, 'UTC')),
    last_progress SimpleAggregateFunction(max, DateTime64(9, 'UTC')),
    open_descendants SimpleAggregateFunction(anyLast, UInt32),
    waiting_on SimpleAggregateFunction(anyLast, String),
    wait_reason SimpleAggregateFunction(anyLast, LowCardinality(String)),
    heartbeats SimpleAggregateFunction(max, UInt32)
)
ENGINE = AggregatingMergeTree
PARTITION BY toDate(observed)
ORDER BY (project, trace_id, span_id)
TTL toDate(observed) + INTERVAL 2 DAY
SETTINGS
    -- `assembled` may not be ahead of this after a power cut
    fsync_after_insert = 1,
    fsync_part_directory = 1,
    min_rows_to_fsync_after_merge = 1,
    min_compressed_bytes_to_fsync_after_merge = 1,
    ttl_only_drop_parts = 1;
