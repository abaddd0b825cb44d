-- What finds a trace where the key does not.
ALTER TABLE {table:Identifier} ADD INDEX trace_index trace_id TYPE bloom_filter(0.001) GRANULARITY 1
