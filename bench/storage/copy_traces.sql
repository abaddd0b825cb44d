-- The summaries of a copy's traces.
INSERT INTO traces
SELECT * EXCEPT copy REPLACE (
    sipHash128(trace_id, copy) AS trace_id,
    version - copy * {copy_s:UInt32} * 1000000 AS version,
    start - toIntervalSecond(copy * {copy_s:UInt32}) AS start,
    end - toIntervalSecond(copy * {copy_s:UInt32}) AS end)
FROM (SELECT *, arrayJoin({copies:Array(UInt32)}) AS copy FROM seed_traces)
