-- With which system prompts and which sets of tools agents asked their models, by hour, of a sample of calls: hashes of
-- sentences and of descriptions, with the names of tools (analytics/prompts).
CREATE TABLE prompt_fingerprints
(
    project LowCardinality(String),
    hour DateTime('UTC'),
    environment LowCardinality(String),
    agent String,
    what Enum8('prompt' = 1, 'tool set' = 2),
    fingerprint String,
    calls UInt32,
    traces UInt32,
    -- hashes of some, so that one trace of many hours is known for one
    some_traces Array(UInt64),
    -- of sentences, which have no name, and of tools
    part_names Array(String),
    part_hashes Array(UInt64),
    version UInt64
)
ENGINE = ReplacingMergeTree(version)
PARTITION BY toMonday(hour)
ORDER BY (project, environment, agent, what, fingerprint, hour)
-- 28 days of what an agent had before the 14 in which series are compared since a change
TTL hour + INTERVAL 45 DAY
SETTINGS
    index_granularity = 64,
    fsync_after_insert = 1,
    fsync_part_directory = 1,
    min_rows_to_fsync_after_merge = 1,
    min_compressed_bytes_to_fsync_after_merge = 1
