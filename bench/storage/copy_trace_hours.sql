-- In which hours a copy's traces have spans.
INSERT INTO trace_hours (project, trace_id, hour)
SELECT DISTINCT
    project,
    sipHash128(trace_id, copy),
    toStartOfHour(start - toIntervalSecond(copy * {copy_s:UInt32}))
FROM (SELECT *, arrayJoin({copies:Array(UInt32)}) AS copy FROM seed_spans)
