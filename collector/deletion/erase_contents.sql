-- The pieces of long texts of a day that no span names which stays.
ALTER TABLE contents DELETE IN PARTITION {day:String}
WHERE project = {project:String}
    AND hash NOT IN (
        SELECT arrayJoin(arrayFlatten(content_references.pieces))
        FROM spans
        WHERE received_day = {day:Date} AND project = {project:String}
            AND NOT (segment <= {until:String} AND trace_id IN (
                SELECT trace_id FROM erased_traces WHERE project = {project:String} AND erasure = {erasure:String})))
SETTINGS mutations_sync = 2
