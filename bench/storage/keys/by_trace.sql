-- Opik, Laminar.
CREATE TABLE {table:Identifier} AS {{like}}
ENGINE = MergeTree
PARTITION BY received_day
ORDER BY (project, trace_id, start, span_id)
SETTINGS default_compression_codec = 'ZSTD(3)'
