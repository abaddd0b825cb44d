-- The summaries by the hour in which the trace began.
CREATE TABLE traces_by_hour AS traces
ENGINE = ReplacingMergeTree(version)
ORDER BY (project, toStartOfHour(start), trace_id)
