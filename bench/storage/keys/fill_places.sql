-- Of the spans that are stored.
INSERT INTO places
SELECT DISTINCT project, trace_id, toStartOfMinute(start) FROM {table:Identifier}
WHERE received_day = {day:Date}
