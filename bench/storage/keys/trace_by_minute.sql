-- The spans of some traces.
SELECT * FROM by_minute
WHERE (project, toStartOfMinute(start), xxHash32(trace_id)) IN (
        SELECT project, minute, xxHash32(trace_id) FROM places
        WHERE project = {project:String}
            AND trace_id IN (SELECT toFixedString(unhex(arrayJoin({trace_ids:Array(String)})), 16)))
    AND trace_id IN (SELECT toFixedString(unhex(arrayJoin({trace_ids:Array(String)})), 16))
