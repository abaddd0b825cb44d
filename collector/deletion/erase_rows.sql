-- What was received on a day of an erasure's traces. Segments that are not loaded for certain are left alone.
ALTER TABLE {table:Identifier} DELETE IN PARTITION {day:String}
WHERE project = {project:String} AND segment <= {until:String}
    AND trace_id IN (SELECT trace_id FROM erased_traces WHERE project = {project:String} AND erasure = {erasure:String})
SETTINGS mutations_sync = 2
