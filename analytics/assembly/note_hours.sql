-- In which hours the spans of some segments began, by trace: before anything of them is read by its trace.
INSERT INTO trace_hours (project, trace_id, hour)
SELECT DISTINCT project, trace_id, toStartOfHour(start)
FROM spans
WHERE received_day IN {days:Array(Date)} AND segment IN {segments:Array(String)}
