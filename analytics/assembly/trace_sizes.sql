-- How many reports of spans some traces have, by place (selected.sql).
SELECT concat(lower(hex(trace_id)), project) AS id, count() AS rows
FROM spans
WHERE (project, toStartOfHour(start), trace_id) IN selected
GROUP BY project, trace_id
