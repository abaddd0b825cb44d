-- A first summary of large traces that wait to be assembled for the first time: they are listed with their
-- size, and the next process knows of them. Version 0: every other one replaces it, so it stands where that does.
INSERT INTO traces (project, trace_id, version, start, end, spans, open, status)
SELECT project, trace_id, 0, if(any(known), any(known_start), min(start)), max(end), count(), 1, 'open'
FROM spans
LEFT JOIN
(
    SELECT project, trace_id, start AS known_start, true AS known
    FROM traces FINAL
    WHERE (project, toStartOfHour(start), trace_id) IN selected
) AS standing USING (project, trace_id)
WHERE (project, toStartOfHour(start), trace_id) IN selected
GROUP BY project, trace_id
