-- Steps that ended in the hours that are being counted, as they are counted: read once from `steps`, and gone before the next
-- hours are. Nobody else reads them.
CREATE TABLE drift_steps
(
    project LowCardinality(String),
    hour DateTime('UTC'),
    environment LowCardinality(String),
    trace_id FixedString(16),
    span_id FixedString(8),
    kind LowCardinality(String),
    agent String,
    operation LowCardinality(String),
    subject String,
    agent_version LowCardinality(String),
    handoff_to String,
    -- what is counted as a call; the others are of a trace
    is_work Bool,
    -- a model or an agent said something, and it was captured
    is_answer Bool,
    outcome LowCardinality(String),
    start DateTime64(9, 'UTC'),
    duration_s Float64,
    first_token_s Nullable(Float64),
    attempt Nullable(UInt64),
    -- NULL where another step counts them
    input_tokens Nullable(UInt64),
    output_tokens Nullable(UInt64),
    reasoning_tokens Nullable(UInt64),
    cost_usd Nullable(Float64),
    reasons Array(LowCardinality(String))
)
ENGINE = MergeTree
ORDER BY (trace_id, span_id)
-- not worth a merge
SETTINGS max_bytes_to_merge_at_max_space_in_pool = 1, max_bytes_to_merge_at_min_space_in_pool = 1
