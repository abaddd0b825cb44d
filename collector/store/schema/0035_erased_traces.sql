-- Traces that were erased: what is loaded from the archive again leaves them out. Ids alone, which name nobody
-- any more.
CREATE TABLE erased_traces
(
    project LowCardinality(String),
    trace_id FixedString(16),
    erasure String,
    found DateTime('UTC') DEFAULT now()
)
ENGINE = MergeTree
ORDER BY (project, trace_id)
SETTINGS
    fsync_after_insert = 1,
    fsync_part_directory = 1,
    min_rows_to_fsync_after_merge = 1,
    min_compressed_bytes_to_fsync_after_merge = 1;
