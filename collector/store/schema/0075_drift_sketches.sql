-- Sketches of what agents said, by hour and series: sums over a sample of texts, and the sums of products that the variance
-- of one text follows from (analytics/drift/sketches.py). Of the words nothing is left but 64 numbers that all texts of the
-- hour share. The newest version of an hour holds.
CREATE TABLE drift_sketches
(
    project LowCardinality(String),
    hour DateTime('UTC'),
    environment LowCardinality(String),
    agent String,
    operation LowCardinality(String),
    subject String,
    -- of analytics/drift/text.py: sketches on different bases do not add up
    basis UInt16,
    -- texts
    n UInt32,
    traces UInt32,
    -- of each of the 64 directions
    sums Array(Float32) CODEC(ZSTD(1)),
    -- of y y', the 2,080 numbers of its upper triangle by rows
    products Array(Float32) CODEC(ZSTD(1)),
    version UInt64
)
ENGINE = ReplacingMergeTree(version)
PARTITION BY toMonday(hour)
ORDER BY (hour, project, environment, agent, operation, subject)
-- as long as a reference needs
TTL hour + INTERVAL 35 DAY
SETTINGS
    index_granularity = 64,
    fsync_after_insert = 1,
    fsync_part_directory = 1,
    min_rows_to_fsync_after_merge = 1,
    min_compressed_bytes_to_fsync_after_merge = 1
