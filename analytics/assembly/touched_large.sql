-- Of the traces known to be large those that some segments touch, by place (selected.sql), and when the first of
-- it was received.
SELECT concat(lower(hex(trace_id)), project) AS id, toUnixTimestamp64Nano(min(received)) AS received_ns
FROM
(
    SELECT project, trace_id, received FROM spans
    WHERE received_day IN {days:Array(Date)} AND segment IN {segments:Array(String)}
    UNION ALL
    SELECT project, trace_id, received FROM span_logs
    WHERE received_day IN {days:Array(Date)} AND segment IN {segments:Array(String)}
)
WHERE concat(lower(hex(trace_id)), project) IN {large:Array(String)}
GROUP BY project, trace_id
