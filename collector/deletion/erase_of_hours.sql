-- Of the hours in which something of an erasure's traces ended, what was counted of texts and evaluations: what people said
-- may be in its categories, in its paths, and one text of few in its sums. Numbers and the names of software stay.
ALTER TABLE {table:Identifier} DELETE
WHERE project = {project:String}
    AND hour IN (
        SELECT arrayJoin([toStartOfHour(end), toStartOfHour(observed)])
        FROM
        (
            SELECT end, end AS observed FROM steps
            WHERE project = {project:String}
                AND trace_id IN (SELECT trace_id FROM erased_traces WHERE project = {project:String} AND erasure = {erasure:String})
            UNION ALL
            SELECT time AS end, time AS observed FROM span_logs
            WHERE project = {project:String} AND event = 'gen_ai.evaluation.result'
                AND trace_id IN (SELECT trace_id FROM erased_traces WHERE project = {project:String} AND erasure = {erasure:String})
        ))
    AND ({is_all:Bool} OR of_words)
SETTINGS mutations_sync = 2
