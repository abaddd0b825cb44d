-- Which of these traces were erased; a place is a trace in hexadecimal digits, and the project.
SELECT DISTINCT concat(lower(hex(trace_id)), project) AS place
FROM erased_traces
WHERE (project, trace_id) IN (
    SELECT substring(place, 33), toFixedString(unhex(substring(place, 1, 32)), 16)
    FROM (SELECT arrayJoin({places:Array(String)}) AS place))
