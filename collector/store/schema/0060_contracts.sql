-- The contracts of boundaries that nobody wrote down: what a version of an agent was told of a tool, and what it has
-- learned from calls. A newer row replaces an older one as a whole.
CREATE TABLE contracts
(
    project LowCardinality(String),
    -- 'tool': a schema that arrived in a trace; 'learned'
    source LowCardinality(String),
    kind LowCardinality(String),
    agent String,
    name String,
    side LowCardinality(String),
    agent_version LowCardinality(String),
    -- the same for all versions
    boundary String,
    -- microseconds since 1970
    version UInt64,
    calls UInt64,
    -- JSON Schema; '' while there is none
    schema String CODEC(ZSTD(3)),
    -- why it cannot be used; '' where it can
    problem String,
    -- what it was learned from, and the deviations that became usual
    learned String CODEC(ZSTD(3)),
    drifts UInt32
)
ENGINE = ReplacingMergeTree(version)
ORDER BY (project, kind, agent, name, side, agent_version, source)
SETTINGS
    fsync_after_insert = 1,
    fsync_part_directory = 1,
    min_rows_to_fsync_after_merge = 1,
    min_compressed_bytes_to_fsync_after_merge = 1
