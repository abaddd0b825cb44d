-- How many rows there are of an erasure's traces, by table: the proof is that there are none.
WITH erased AS (SELECT trace_id FROM erased_traces WHERE project = {project:String} AND erasure = {erasure:String})
SELECT 'spans' AS name, count() AS rows FROM spans WHERE project = {project:String} AND trace_id IN erased
UNION ALL
SELECT 'span_logs' AS name, count() AS rows FROM span_logs WHERE project = {project:String} AND trace_id IN erased
UNION ALL
SELECT 'steps' AS name, count() AS rows FROM steps WHERE project = {project:String} AND trace_id IN erased
UNION ALL
SELECT 'traces' AS name, count() AS rows FROM traces WHERE project = {project:String} AND trace_id IN erased
UNION ALL
SELECT 'open_spans' AS name, count() AS rows FROM open_spans WHERE project = {project:String} AND trace_id IN erased
UNION ALL
SELECT 'trace_hours' AS name, count() AS rows FROM trace_hours WHERE project = {project:String} AND trace_id IN erased
UNION ALL
SELECT 'chains' AS name, count() AS rows FROM chains WHERE project = {project:String} AND trace_id IN erased
UNION ALL
SELECT 'contract_calls' AS name, count() AS rows FROM contract_calls WHERE project = {project:String} AND trace_id IN erased
UNION ALL
-- of hours that were being counted when the process was killed
SELECT 'drift_steps' AS name, count() AS rows FROM drift_steps WHERE project = {project:String} AND trace_id IN erased
