-- Versions, models and tools of agents that were first counted in [from, until), where the agent was counted before it:
-- an agent that is new has changed nothing. The latest first.
WITH
    known AS
    (
        SELECT
            environment,
            agent,
            (arrayJoin([
                ('version', agent_version),
                ('model', if(operation IN ('chat', 'generate_content', 'text_completion', 'llm'), subject, '')),
                ('tool', if(operation = 'execute_tool', subject, ''))]) AS one).1 AS what,
            one.2 AS value,
            hour
        FROM drift_counts
        -- every call has an outcome
        WHERE project = {project:String} AND metric = 'outcome' AND hour >= toDateTime({known_s:Int64}, 'UTC') AND agent NOT IN ('', 'other')
            AND n > 0
            AND ({environment:String} = '' OR environment = {environment:String})
    )
SELECT environment, agent, what, value AS version, toUnixTimestamp(min(hour)) AS hour_s
FROM known
INNER JOIN (SELECT environment, agent, min(hour) AS agent_hour FROM known GROUP BY environment, agent) AS first
    USING (environment, agent)
WHERE value != ''
GROUP BY environment, agent, what, value
HAVING min(hour) > any(agent_hour)
    AND min(hour) >= fromUnixTimestamp64Nano({from_ns:Int64}, 'UTC') AND min(hour) < fromUnixTimestamp64Nano({until_ns:Int64}, 'UTC')
ORDER BY hour_s DESC, environment, agent, what, value
LIMIT {rows_max:UInt32}
