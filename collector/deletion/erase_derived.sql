-- What was derived from an erasure's traces.
ALTER TABLE {table:Identifier} DELETE
WHERE project = {project:String}
    AND trace_id IN (SELECT trace_id FROM erased_traces WHERE project = {project:String} AND erasure = {erasure:String})
SETTINGS mutations_sync = 2
