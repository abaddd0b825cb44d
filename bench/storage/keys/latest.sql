-- The latest traces in which an agent ran, of a day.
WITH
    fromUnixTimestamp64Nano({from_ns:Int64}, 'UTC') AS since,
    fromUnixTimestamp64Nano({until_ns:Int64}, 'UTC') AS until
SELECT lower(hex(trace_id)) AS trace, name, status, toUnixTimestamp64Nano(start) AS start_ns
FROM {table:Identifier}
WHERE project = {project:String} AND agent = {agent:String} AND kind = 'agent'
    AND {{bucket}} >= {{bucket_since}} AND start >= since
    AND {{bucket}} <= {{bucket_until}} AND start < until
ORDER BY {{bucket}} DESC, start DESC
LIMIT 50
-- each read for itself
SETTINGS use_query_condition_cache = 0
