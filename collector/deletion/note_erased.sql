-- Remembers which traces an erasure is about: those in which a span of some segment names the user or session.
INSERT INTO erased_traces (project, trace_id, erasure)
SELECT DISTINCT project, trace_id, {erasure:String}
FROM spans
WHERE project = {project:String} AND segment <= {until:String}
    AND if({kind:String} = 'user', user, session) = {value:String} AND {value:String} != ''
    AND (project, trace_id) NOT IN (SELECT project, trace_id FROM erased_traces WHERE erasure = {erasure:String})
