-- The ends of open spans of large traces, at once: nobody is to be called stuck until the trace's turn comes.
INSERT INTO open_spans (project, trace_id, span_id, first_seen, observed, ended)
WITH places AS (
    SELECT substring(place, 33), toFixedString(unhex(substring(place, 1, 32)), 16)
    FROM (SELECT arrayJoin({large:Array(String)}) AS place))
SELECT project, trace_id, span_id, received, received, true
FROM spans
WHERE received_day IN {days:Array(Date)} AND segment IN {segments:Array(String)} AND NOT open
    AND (project, trace_id) IN places
    AND (project, trace_id, span_id) IN (
        SELECT project, trace_id, span_id FROM open_spans WHERE (project, trace_id) IN places)
