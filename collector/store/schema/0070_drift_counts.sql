-- What agents put out, by hour: how many calls of a series had which value. A series is what is measured (`metric`) of
-- which agent, operation and `subject` (the tool, the model or the root). Numbers are in log-spaced bins
-- (analytics/series/count_hour.sql), categories by their name. An hour is counted from `steps` as a whole, late data
-- included; the newest version of its rows replaces the others.
CREATE TABLE drift_counts
(
    project LowCardinality(String),
    hour DateTime('UTC'),
    environment LowCardinality(String),
    agent String,
    operation LowCardinality(String),
    subject String,
    metric LowCardinality(String),
    agent_version LowCardinality(String),
    category String,
    bin Int16,
    n UInt64,
    -- traces that the calls of the series and version in the hour are of, whatever their value: in one row of them
    traces UInt64,
    version UInt64
)
ENGINE = ReplacingMergeTree(version)
-- the hour comes first: a look reads one hour
PARTITION BY toMonday(hour)
ORDER BY (hour, project, environment, metric, agent, operation, subject, agent_version, category, bin)
TTL hour + INTERVAL 70 DAY
SETTINGS
    fsync_after_insert = 1,
    fsync_part_directory = 1,
    min_rows_to_fsync_after_merge = 1,
    min_compressed_bytes_to_fsync_after_merge = 1
