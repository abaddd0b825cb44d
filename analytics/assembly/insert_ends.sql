-- The ends of open spans of large traces, at once: nobody is to be called stuck until the trace's turn comes.
INSERT INTO open_spans (project, trace_id, span_id, first_seen, observed, ended)
SELECT project, trace_id, span_id, received, received, true
FROM spans
WHERE received_day IN {days:Array(Date)} AND segment IN {segments:Array(String)} AND NOT open
    AND trace_id IN (SELECT toFixedString(unhex(arrayJoin({large:Array(String)})), 16))
    AND (project, trace_id, span_id) IN (
        SELECT project, trace_id, span_id FROM open_spans
        WHERE trace_id IN (SELECT toFixedString(unhex(arrayJoin({large:Array(String)})), 16)))
