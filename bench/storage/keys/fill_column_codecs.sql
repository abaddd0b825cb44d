-- From a day of the product's table.
INSERT INTO column_codecs
SELECT
    toStartOfHour(start), trace_id, span_id, trace_id, trace_id, trace_id, span_id, span_id,
    start, start, start, start, start, end, end, end, end,
    toUnixTimestamp64Nano(end) - toUnixTimestamp64Nano(start) AS duration, duration,
    received, received, received, input_tokens, input_tokens, input_tokens, input_tokens,
    attributes, attributes, attributes, attributes
FROM spans
SETTINGS max_threads = 1, max_insert_threads = 1, min_insert_block_size_rows = 10000000, min_insert_block_size_bytes = 0
