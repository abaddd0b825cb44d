-- What was reported open, each report an observation with its time; a row with `ended` closes it.
CREATE TABLE open_spans
(
    project LowCardinality(String),
    trace_id FixedString(16),
    span_id FixedString(8),
    parent_span_id FixedString(8),
    first_seen DateTime64(9, 'UTC'),
    observed DateTime64(9, 'UTC'),
    ended Bool,
    environment LowCardinality(String),
    service LowCardinality(String),
    service_instance LowCardinality(String),
    agent_version LowCardinality(String),
    name String,
    kind LowCardinality(String),
    agent String,
    agent_id String,
    operation LowCardinality(String),
    tool String,
    model LowCardinality(String),
    start DateTime64(9, 'UTC'),
    last_progress DateTime64(9, 'UTC'),
    open_descendants UInt32,
    waiting_on String,
    wait_reason LowCardinality(String),
    heartbeats UInt32
)
ENGINE = ReplacingMergeTree
ORDER BY (project, trace_id, span_id, observed, ended)
TTL toDateTime(observed) + INTERVAL 7 DAY;
