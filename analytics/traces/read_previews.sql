-- How what the spans of one trace put in and out begins, by the current report of each: that of read_report.sql.
SELECT
    id,
    shown.1 AS input_preview,
    shown.2 AS output_preview
FROM
(
    SELECT
        lower(hex(span_id)) AS id,
        argMax((input_preview, output_preview), (NOT open, end, received, coalesce(progress, 0))) AS shown
    FROM spans
    WHERE (project, toStartOfHour(start), trace_id) IN (
            SELECT project, hour, trace_id FROM trace_hours
            WHERE project = {project:String} AND trace_id = unhex({trace_id:String}))
    GROUP BY project, trace_id, span_id
)
WHERE shown != ('', '')
