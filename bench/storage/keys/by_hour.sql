-- The product's key.
CREATE TABLE {table:Identifier} AS {{like}}
ENGINE = MergeTree
PARTITION BY received_day
ORDER BY (project, toStartOfHour(start), trace_id, span_id)
SETTINGS default_compression_codec = 'ZSTD(3)'
