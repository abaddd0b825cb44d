-- Calls of some traces that may have changed something outside.
SELECT lower(hex(trace_id)) AS trace, lower(hex(span_id)) AS id
FROM steps FINAL
WHERE project = {project:String}
    AND (project, trace_id) IN (SELECT {project:String}, toFixedString(unhex(arrayJoin({trace_ids:Array(String)})), 16))
    AND kind = 'tool' AND NOT failed AND match(tool, {mutating:String}) AND NOT match(tool, {reading:String})
LIMIT {rows_max:UInt32}
