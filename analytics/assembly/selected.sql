-- Where the traces are stored that one read takes: those in a range of places that some segments touch, but
-- for the large ones, or those whose turn it is. A place is the trace's id in 32 hex digits and its project:
-- an id may stand in several. The statements that read their spans know it as `selected`.
SELECT project, hour, trace_id
FROM trace_hours
WHERE trace_id BETWEEN toFixedString(unhex(substring({first:String}, 1, 32)), 16)
        AND toFixedString(unhex(substring({last:String}, 1, 32)), 16)
    AND concat(lower(hex(trace_id)), project) BETWEEN {first:String} AND {last:String}
    AND (trace_id, project) IN (
        SELECT trace_id, project FROM spans
        WHERE received_day IN {days:Array(Date)} AND segment IN {segments:Array(String)}
            AND concat(lower(hex(trace_id)), project) NOT IN {large:Array(String)}
        UNION ALL
        SELECT trace_id, project FROM span_logs
        WHERE received_day IN {days:Array(Date)} AND segment IN {segments:Array(String)}
            AND concat(lower(hex(trace_id)), project) NOT IN {large:Array(String)}
        UNION ALL
        SELECT toFixedString(unhex(substring(place, 1, 32)), 16), substring(place, 33)
        FROM (SELECT arrayJoin({turn:Array(String)}) AS place))
