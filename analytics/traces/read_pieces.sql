-- The pieces of a span's long texts, of one day on which it was reported.
SELECT lower(hex(hash)) AS piece, any(text) AS piece_text
FROM contents
WHERE received_day = {received_day:Date}
    AND project = {project:String}
    AND hash IN (
        SELECT arrayJoin(arrayFlatten(content_references.pieces)) FROM spans
        WHERE (project, toStartOfHour(start), trace_id) IN (
                SELECT project, hour, trace_id FROM trace_hours
                WHERE project = {project:String} AND trace_id = unhex({trace_id:String}))
            AND span_id = unhex({span_id:String})
            AND received_day = {received_day:Date})
GROUP BY project, hash
