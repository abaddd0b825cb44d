-- When a version of an agent, or of any, first began something since a time; no row where it never did.
SELECT toUnixTimestamp64Nano(min(start)) AS at_ns
FROM steps
WHERE _partition_value.1 + 8 > fromUnixTimestamp64Nano({since_ns:Int64}, 'UTC')
    AND project = {project:String}
    AND start >= fromUnixTimestamp64Nano({since_ns:Int64}, 'UTC')
    AND agent_version = {version:String}
    AND ({agent:String} = '' OR agent = {agent:String})
HAVING count() > 0
