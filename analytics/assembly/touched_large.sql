-- Of the traces known to be large those that some segments touch, by place (selected.sql), and when the first of
-- it was received.
SELECT concat(lower(hex(trace_id)), project) AS id, toUnixTimestamp64Nano(min(received)) AS received_ns
FROM spans
WHERE received_day IN {days:Array(Date)} AND segment IN {segments:Array(String)}
    AND concat(lower(hex(trace_id)), project) IN {large:Array(String)}
GROUP BY project, trace_id
