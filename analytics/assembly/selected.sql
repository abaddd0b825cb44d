-- Where the traces are stored that one read takes: those in a range of ids that some segments touch, but for
-- the large ones, or those whose turn it is. The statements that read their spans know it as `selected`.
SELECT project, hour, trace_id
FROM trace_hours
WHERE trace_id BETWEEN toFixedString(unhex({first:String}), 16) AND toFixedString(unhex({last:String}), 16)
    AND trace_id IN (
        SELECT trace_id FROM spans
        WHERE received_day IN {days:Array(Date)} AND segment IN {segments:Array(String)}
            AND trace_id NOT IN (SELECT toFixedString(unhex(arrayJoin({large:Array(String)})), 16))
        UNION ALL
        SELECT trace_id FROM span_logs
        WHERE received_day IN {days:Array(Date)} AND segment IN {segments:Array(String)}
            AND trace_id NOT IN (SELECT toFixedString(unhex(arrayJoin({large:Array(String)})), 16))
        UNION ALL
        SELECT toFixedString(unhex(arrayJoin({turn:Array(String)})), 16))
