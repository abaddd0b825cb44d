-- The traces of an erasure, which is of one project.
SELECT DISTINCT lower(hex(trace_id)) AS id
FROM erased_traces
WHERE erasure = {erasure:String}
