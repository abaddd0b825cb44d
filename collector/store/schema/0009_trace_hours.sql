-- In which hours a trace has spans, so that the key of `spans` finds them: by trace id alone every granule
-- would be looked into. Written before a segment is assembled; it may name too many hours, never too few.
CREATE TABLE trace_hours
(
    project LowCardinality(String),
    trace_id FixedString(16),
    hour DateTime('UTC')
)
ENGINE = ReplacingMergeTree
ORDER BY (trace_id, project, hour)
SETTINGS
    -- a trace is one row of 20 bytes: a look-up reads 5 KB, not 160 KB
    index_granularity = 256,
    fsync_after_insert = 1,
    fsync_part_directory = 1;
