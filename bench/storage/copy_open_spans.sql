-- The open work of a copy; the engine drops it when it is two days old.
INSERT INTO open_spans
SELECT * EXCEPT copy REPLACE (
    sipHash128(trace_id, copy) AS trace_id,
    reinterpretAsFixedString(sipHash64(span_id, copy)) AS span_id,
    if(parent_span_id = toFixedString('', 8), parent_span_id,
        reinterpretAsFixedString(sipHash64(parent_span_id, copy))) AS parent_span_id,
    first_seen - toIntervalSecond(copy * {copy_s:UInt32}) AS first_seen,
    observed - toIntervalSecond(copy * {copy_s:UInt32}) AS observed,
    start - toIntervalSecond(copy * {copy_s:UInt32}) AS start,
    last_progress - toIntervalSecond(copy * {copy_s:UInt32}) AS last_progress)
FROM (SELECT *, arrayJoin({copies:Array(UInt32)}) AS copy FROM seed_open_spans)
