-- Long texts in pieces, each once a day and project: `spans.content_references` name them by hash.
-- A day is complete in itself, so that it is dropped together with its spans. Written before the spans
-- that name them; written again, a piece is the same row.
CREATE TABLE contents
(
    received_day Date,
    project LowCardinality(String),
    hash FixedString(16),
    text String CODEC(ZSTD(3))
)
ENGINE = ReplacingMergeTree
PARTITION BY received_day
ORDER BY (project, hash)
SETTINGS
    -- a piece is looked up by its hash: a look reads 256 keys
    index_granularity = 256,
    fsync_after_insert = 1,
    fsync_part_directory = 1,
    min_rows_to_fsync_after_merge = 1,
    min_compressed_bytes_to_fsync_after_merge = 1,
    max_suspicious_broken_parts = 1000000,
    max_suspicious_broken_parts_bytes = 1000000000000,
    old_parts_lifetime = 480;
