-- How far assembly has come in `verified_segments`: one row for each signal, once merged.
CREATE TABLE assembled
(
    signal LowCardinality(String),
    verified DateTime64(6, 'UTC')
)
ENGINE = ReplacingMergeTree(verified)
ORDER BY signal
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;
