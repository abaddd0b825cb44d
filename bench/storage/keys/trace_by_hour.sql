-- The spans of some traces.
SELECT * FROM by_hour
WHERE (project, toStartOfHour(start), trace_id) IN (
    SELECT project, toStartOfHour(minute), trace_id FROM places
    WHERE project = {project:String}
        AND trace_id IN (SELECT toFixedString(unhex(arrayJoin({trace_ids:Array(String)})), 16)))
