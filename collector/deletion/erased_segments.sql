-- In which loaded segments rows of an erasure's traces are, and of which day.
WITH erased AS (SELECT trace_id FROM erased_traces WHERE project = {project:String} AND erasure = {erasure:String})
SELECT DISTINCT toString(received_day) AS day, segment
FROM spans
WHERE project = {project:String} AND segment <= {until:String} AND trace_id IN erased
UNION DISTINCT
SELECT DISTINCT toString(received_day) AS day, segment
FROM span_logs
WHERE project = {project:String} AND segment <= {until:String} AND trace_id IN erased
