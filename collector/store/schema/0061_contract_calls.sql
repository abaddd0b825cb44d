-- Calls whose arguments or results were held against a contract, one row for each side: written again, it replaces
-- itself, so that neither a crash nor a trace that grows counts a call twice. Derived from `steps` and `spans`.
CREATE TABLE contract_calls
(
    project LowCardinality(String),
    trace_id FixedString(16),
    span_id FixedString(8),
    side LowCardinality(String),
    -- of the steps that it was found in, and when it was checked: microseconds since 1970, about
    version UInt64,
    recorded UInt64,
    start DateTime64(9, 'UTC'),
    end DateTime64(9, 'UTC'),
    environment LowCardinality(String),
    boundary String,
    kind LowCardinality(String),
    agent String,
    name String,
    agent_version LowCardinality(String),
    -- whether the call itself failed
    failed Bool,
    -- 'user', 'tool', 'learned'; '' where there is none yet
    source LowCardinality(String),
    -- 'passed', 'broken', 'usual' (it deviated, and so did what followed), 'deviates' (from what was learned, by too little
    -- to be a break), 'unknown' (it could not be judged)
    outcome LowCardinality(String),
    violations Array(Tuple(
        fingerprint String,
        path String,
        cause String,
        expected String,
        got_type String,
        got String)),
    INDEX recorded_index recorded TYPE minmax GRANULARITY 1
)
ENGINE = ReplacingMergeTree(recorded)
PARTITION BY toDate(fromUnixTimestamp64Micro(version), 'UTC')
ORDER BY (project, trace_id, span_id, side)
SETTINGS
    fsync_after_insert = 1,
    fsync_part_directory = 1,
    min_rows_to_fsync_after_merge = 1,
    min_compressed_bytes_to_fsync_after_merge = 1
