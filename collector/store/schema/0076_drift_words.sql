-- In how many of an hour's sampled texts a hash occurs, by series: which words came and went is looked up in texts that are
-- still stored. 2,048 hashes for all words and pairs of words, so that many share one. The newest version of an hour holds.
CREATE TABLE drift_words
(
    project LowCardinality(String),
    hour DateTime('UTC'),
    environment LowCardinality(String),
    agent String,
    operation LowCardinality(String),
    subject String,
    -- texts
    n UInt32,
    -- those that occur, ascending, and in how many texts each
    hashes Array(UInt16) CODEC(Delta(2), ZSTD(1)),
    texts Array(UInt32) CODEC(ZSTD(1)),
    version UInt64
)
ENGINE = ReplacingMergeTree(version)
PARTITION BY toMonday(hour)
ORDER BY (hour, project, environment, agent, operation, subject)
TTL hour + INTERVAL 35 DAY
SETTINGS
    index_granularity = 64,
    fsync_after_insert = 1,
    fsync_part_directory = 1,
    min_rows_to_fsync_after_merge = 1,
    min_compressed_bytes_to_fsync_after_merge = 1
