-- Which traces were erased.
SELECT DISTINCT project, trace_id FROM erased_traces
