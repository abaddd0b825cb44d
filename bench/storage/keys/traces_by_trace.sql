-- The summaries by trace, as they were until decision 0025.
CREATE TABLE traces_by_trace AS traces
ENGINE = ReplacingMergeTree(version, is_deleted)
ORDER BY (project, trace_id)
