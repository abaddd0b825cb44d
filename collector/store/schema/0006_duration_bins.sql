-- Durations per hour and key in log-spaced bins: bin = floor(log(duration_s) / log(1.05)).
-- An hour is recomputed from `steps` as a whole; the newest version of a row replaces the others.
CREATE TABLE duration_bins
(
    project LowCardinality(String),
    hour DateTime('UTC'),
    agent String,
    operation LowCardinality(String),
    tool String,
    model LowCardinality(String),
    kind LowCardinality(String),
    agent_version LowCardinality(String),
    bin Int16,
    outcome LowCardinality(String),
    n UInt64,
    version UInt64
)
ENGINE = ReplacingMergeTree(version)
ORDER BY (project, hour, kind, operation, tool, agent, model, agent_version, bin, outcome)
TTL hour + INTERVAL 8 DAY;
