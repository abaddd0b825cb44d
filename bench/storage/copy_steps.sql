-- The steps of a copy's spans.
INSERT INTO steps
SELECT * EXCEPT copy REPLACE (
    sipHash128(trace_id, copy) AS trace_id,
    reinterpretAsFixedString(sipHash64(span_id, copy)) AS span_id,
    if(parent_span_id = toFixedString('', 8), parent_span_id,
        reinterpretAsFixedString(sipHash64(parent_span_id, copy))) AS parent_span_id,
    version - copy * {copy_s:UInt32} * 1000000 AS version,
    start - toIntervalSecond(copy * {copy_s:UInt32}) AS start,
    if(state = 'open', end, end - toIntervalSecond(copy * {copy_s:UInt32})) AS end)
FROM (SELECT *, arrayJoin({copies:Array(UInt32)}) AS copy FROM seed_steps)
