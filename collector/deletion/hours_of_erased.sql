-- In which hours something of an erasure's traces was counted: where a step ended, or an evaluation was given.
SELECT DISTINCT toUnixTimestamp(toStartOfHour(at)) AS hour_s
FROM
(
    SELECT end AS at FROM steps
    WHERE project = {project:String}
        AND trace_id IN (SELECT trace_id FROM erased_traces WHERE project = {project:String} AND erasure = {erasure:String})
    UNION ALL
    SELECT time AS at FROM span_logs
    WHERE project = {project:String} AND event = 'gen_ai.evaluation.result'
        AND trace_id IN (SELECT trace_id FROM erased_traces WHERE project = {project:String} AND erasure = {erasure:String})
    UNION ALL
    SELECT arrayJoin(event_times) AS at FROM spans
    WHERE project = {project:String} AND has(event_names, 'gen_ai.evaluation.result')
        AND trace_id IN (SELECT trace_id FROM erased_traces WHERE project = {project:String} AND erasure = {erasure:String})
)
