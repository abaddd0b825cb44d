-- In which hour and which minute traces have spans, for the keys that begin with time: as `trace_hours`.
CREATE TABLE places
(
    project LowCardinality(String),
    trace_id FixedString(16),
    minute DateTime('UTC')
)
ENGINE = MergeTree
ORDER BY (trace_id, project, minute)
SETTINGS index_granularity = 256
