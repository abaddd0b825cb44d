-- The latest failed spans of a day whose message has a word.
WITH
    fromUnixTimestamp64Nano({from_ns:Int64}, 'UTC') AS since,
    fromUnixTimestamp64Nano({until_ns:Int64}, 'UTC') AS until
SELECT lower(hex(trace_id)) AS trace, lower(hex(span_id)) AS span, name, toUnixTimestamp64Nano(start) AS start_ns, error_message
FROM {table:Identifier}
WHERE project = {project:String} AND status = 2 AND position(error_message, {word:String}) > 0
    AND {{bucket}} >= {{bucket_since}} AND start >= since
    AND {{bucket}} <= {{bucket_until}} AND start < until
ORDER BY {{bucket}} DESC, start DESC
LIMIT 50
-- each read for itself
SETTINGS use_query_condition_cache = 0
