-- The OpenTelemetry exporter, HyperDX and Jaeger, with the agent for the service.
CREATE TABLE {table:Identifier} AS {{like}}
ENGINE = MergeTree
PARTITION BY received_day
ORDER BY (project, agent, name, toDateTime(start))
SETTINGS default_compression_codec = 'ZSTD(3)'
