-- What the logs of the selected traces say of their spans: the exception that was logged last, and why an
-- agent pauses that has not resumed. Only days are looked at on which they can have been received.
SELECT
    project,
    trace_id,
    span_id,
    argMaxIf(exception_type, time, exception_type != '' OR exception_message != '') AS error_type,
    argMaxIf(exception_message, time, exception_type != '' OR exception_message != '') AS error_message,
    argMaxIf(event, time, startsWith(event, 'gen_ai.agent.')) = 'gen_ai.agent.paused' AS paused,
    argMaxIf(pause_reason, time, event = 'gen_ai.agent.paused') AS pause_reason
FROM span_logs
WHERE received_day >= {since:Date}
    AND (project, trace_id) IN (SELECT project, trace_id FROM selected)
    AND (exception_type != '' OR exception_message != '' OR event IN ('gen_ai.agent.paused', 'gen_ai.agent.resumed'))
GROUP BY project, trace_id, span_id
