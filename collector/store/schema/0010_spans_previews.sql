-- What a span put in and out is kept once: where an attribute says it as it is, `input_key` and
-- `output_key` name that attribute and `input` and `output` stay empty. Lists read the previews.
-- `attribute_types` says what each value of `attributes` was on the wire: text keeps 64-bit numbers
-- whole, and `toFloat64OrNull(attributes['x']) > 10` compares.
--
-- New parts are LZ4, which costs an insert 2 us a span less than ZSTD; the day after, when a
-- partition takes no more, it is compressed again. Columns with a codec of their own would not be.
ALTER TABLE spans
    ADD COLUMN IF NOT EXISTS input_key LowCardinality(String) AFTER input,
    ADD COLUMN IF NOT EXISTS input_preview String AFTER input_key,
    ADD COLUMN IF NOT EXISTS output_key LowCardinality(String) AFTER output,
    ADD COLUMN IF NOT EXISTS output_preview String AFTER output_key,
    ADD COLUMN IF NOT EXISTS attribute_types
        Array(Enum8('none' = 0, 'string' = 1, 'bool' = 2, 'int' = 3, 'double' = 4, 'bytes' = 5, 'array' = 6, 'map' = 7))
        AFTER attributes,
    ADD COLUMN IF NOT EXISTS content_references
        Array(Tuple(key LowCardinality(String), joint LowCardinality(String), ending LowCardinality(String), pieces Array(FixedString(16))))
        AFTER attribute_types,
    ADD COLUMN IF NOT EXISTS scope_schema_url LowCardinality(String) AFTER scope_version,
    ADD COLUMN IF NOT EXISTS scope_attributes Map(LowCardinality(String), String) AFTER scope_schema_url,
    ADD COLUMN IF NOT EXISTS resource_schema_url LowCardinality(String) AFTER resource_attributes,
    ADD COLUMN IF NOT EXISTS dropped_attributes UInt32 AFTER content_references,
    ADD COLUMN IF NOT EXISTS dropped_events UInt32 AFTER event_attributes,
    ADD COLUMN IF NOT EXISTS dropped_links UInt32 AFTER link_attributes,
    ADD COLUMN IF NOT EXISTS link_trace_states Array(String) AFTER link_span_ids,
    MODIFY COLUMN trace_id CODEC(Default),
    MODIFY COLUMN span_id CODEC(Default),
    MODIFY COLUMN parent_span_id CODEC(Default),
    MODIFY COLUMN trace_state CODEC(Default),
    MODIFY COLUMN flags CODEC(Default),
    MODIFY COLUMN name CODEC(Default),
    MODIFY COLUMN status_message CODEC(Default),
    MODIFY COLUMN agent CODEC(Default),
    MODIFY COLUMN agent_id CODEC(Default),
    MODIFY COLUMN workflow CODEC(Default),
    MODIFY COLUMN step CODEC(Default),
    MODIFY COLUMN tool CODEC(Default),
    MODIFY COLUMN tool_call_id CODEC(Default),
    MODIFY COLUMN session CODEC(Default),
    MODIFY COLUMN user CODEC(Default),
    MODIFY COLUMN input CODEC(Default),
    MODIFY COLUMN output CODEC(Default),
    MODIFY COLUMN response_id CODEC(Default),
    MODIFY COLUMN input_tokens CODEC(Default),
    MODIFY COLUMN output_tokens CODEC(Default),
    MODIFY COLUMN cached_tokens CODEC(Default),
    MODIFY COLUMN cache_write_tokens CODEC(Default),
    MODIFY COLUMN reasoning_tokens CODEC(Default),
    MODIFY COLUMN cost_usd CODEC(Default),
    MODIFY COLUMN error_message CODEC(Default),
    MODIFY COLUMN attempt CODEC(Default),
    MODIFY COLUMN handoff_from CODEC(Default),
    MODIFY COLUMN handoff_to CODEC(Default),
    MODIFY COLUMN waiting_on CODEC(Default),
    MODIFY COLUMN progress CODEC(Default),
    MODIFY COLUMN attributes CODEC(Default),
    MODIFY COLUMN resource_attributes CODEC(Default),
    MODIFY COLUMN event_times CODEC(Default),
    MODIFY COLUMN event_attributes CODEC(Default),
    MODIFY COLUMN link_trace_ids CODEC(Default),
    MODIFY COLUMN link_span_ids CODEC(Default),
    MODIFY COLUMN link_attributes CODEC(Default),
    MODIFY TTL received_day + INTERVAL 1 DAY RECOMPRESS CODEC(ZSTD(3))
-- old parts are not rewritten for it
SETTINGS materialize_ttl_after_modify = 0;
