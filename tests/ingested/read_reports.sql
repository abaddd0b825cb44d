-- What is stored of one project's spans, report by report.
SELECT
    lower(hex(trace_id)) AS trace,
    lower(hex(span_id)) AS span,
    scope_name,
    arrayConcat(mapKeys(attributes), content_references.key) AS keys,
    event_names,
    marks
FROM spans
WHERE project = {project:String}
