-- Spans and log records of a project in the store: ranges of the keys, of which only the ends are read.
SELECT
    (SELECT count() FROM spans WHERE project = {project:String}) AS spans,
    (SELECT count() FROM span_logs WHERE project = {project:String}) AS log_records
