-- Log records of the last day whose span is not there, and should be by now: those of a minute wait for it. Of
-- one project, or of all where none is named.
SELECT count() AS records
FROM span_logs
WHERE received_day >= toDate(now()) - 1 AND received BETWEEN now() - INTERVAL 1 DAY AND now() - INTERVAL 1 MINUTE
    AND ({project:String} = '' OR project = {project:String})
    AND (project, trace_id, span_id) NOT IN (
        SELECT project, trace_id, span_id FROM steps
        WHERE (project, trace_id) IN (
            SELECT project, trace_id FROM span_logs
            WHERE received_day >= toDate(now()) - 1 AND received >= now() - INTERVAL 1 DAY
                AND ({project:String} = '' OR project = {project:String})))
