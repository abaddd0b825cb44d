-- How many reports of spans some traces have.
SELECT lower(hex(trace_id)) AS id, count() AS rows
FROM spans
WHERE (project, toStartOfHour(start), trace_id) IN selected
GROUP BY trace_id
