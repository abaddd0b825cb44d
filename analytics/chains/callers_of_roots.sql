-- To which span of another trace the roots of some traces (id in 32 hex digits, and project) link, the first of each.
WITH places AS (
    SELECT substring(place, 33) AS project, toFixedString(unhex(substring(place, 1, 32)), 16) AS trace_id
    FROM (SELECT arrayJoin({places:Array(String)}) AS place))
SELECT
    project,
    lower(hex(spans.trace_id)) AS trace,
    arrayFilter((of_trace, of_span) -> of_trace != spans.trace_id, link_trace_ids, link_span_ids) AS others,
    lower(hex(others[1])) AS caller_trace_id,
    lower(hex(link_span_ids[indexOf(link_trace_ids, others[1])])) AS caller_span_id
FROM spans
WHERE (project, toStartOfHour(start), trace_id) IN (
        SELECT project, hour, trace_id FROM trace_hours WHERE (project, trace_id) IN places)
    AND parent_span_id = toFixedString('', 8)
    AND notEmpty(others)
ORDER BY start, span_id
LIMIT 1 BY project, spans.trace_id
