-- The spans of some traces.
SELECT * FROM {table:Identifier}
WHERE project = {project:String}
    AND trace_id IN (SELECT toFixedString(unhex(arrayJoin({trace_ids:Array(String)})), 16))
