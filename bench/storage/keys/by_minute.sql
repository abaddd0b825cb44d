-- Langfuse v4.
CREATE TABLE {table:Identifier} AS {{like}}
ENGINE = MergeTree
PARTITION BY received_day
ORDER BY (project, toStartOfMinute(start), xxHash32(trace_id), span_id, start)
SETTINGS default_compression_codec = 'ZSTD(3)'
