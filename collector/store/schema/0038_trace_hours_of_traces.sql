-- Every hour in which a trace stands is named, whatever was deleted of `trace_hours` by its age.
INSERT INTO trace_hours (project, trace_id, hour) SELECT project, trace_id, toStartOfHour(start) FROM traces
