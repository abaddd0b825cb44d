-- Of the traces known to be large those that some segments touch, and when the first of it was received.
SELECT lower(hex(trace_id)) AS id, toUnixTimestamp64Nano(min(received)) AS received_ns
FROM
(
    SELECT trace_id, received FROM spans
    WHERE received_day IN {days:Array(Date)} AND segment IN {segments:Array(String)}
    UNION ALL
    SELECT trace_id, received FROM span_logs
    WHERE received_day IN {days:Array(Date)} AND segment IN {segments:Array(String)}
)
WHERE trace_id IN (SELECT toFixedString(unhex(arrayJoin({large:Array(String)})), 16))
GROUP BY trace_id
