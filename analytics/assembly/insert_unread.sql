-- A first summary of large traces that wait to be assembled for the first time: they are listed with their
-- size, and the next process knows of them. Version 0: every other one replaces it.
INSERT INTO traces (project, trace_id, version, start, end, spans, open, status)
SELECT project, trace_id, 0, min(start), max(end), count(), 1, 'open'
FROM spans
WHERE (project, toStartOfHour(start), trace_id) IN selected
GROUP BY project, trace_id
