-- The latest failed spans of a day whose message has a word.
SELECT lower(hex(trace_id)) AS trace, lower(hex(span_id)) AS span, name, toUnixTimestamp64Nano(start) AS start_ns, error_message
FROM {table:Identifier}
WHERE project = {project:String} AND status = 2 AND position(error_message, {word:String}) > 0
    AND start >= fromUnixTimestamp64Nano({from_ns:Int64}, 'UTC') AND start < fromUnixTimestamp64Nano({until_ns:Int64}, 'UTC')
ORDER BY {{bucket}} DESC, start DESC
LIMIT 50
-- each read for itself
SETTINGS use_query_condition_cache = 0
