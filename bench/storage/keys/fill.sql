-- Copies of the seed of one day, as one part.
INSERT INTO {table:Identifier}
SELECT * EXCEPT copy REPLACE (
    {day:Date} AS received_day,
    received - toIntervalSecond(copy * {copy_s:UInt32}) AS received,
    sipHash128(trace_id, copy) AS trace_id,
    reinterpretAsFixedString(sipHash64(span_id, copy)) AS span_id,
    if(parent_span_id = toFixedString('', 8), parent_span_id,
        reinterpretAsFixedString(sipHash64(parent_span_id, copy))) AS parent_span_id,
    start - toIntervalSecond(copy * {copy_s:UInt32}) AS start,
    if(open, end, end - toIntervalSecond(copy * {copy_s:UInt32})) AS end)
FROM (SELECT *, arrayJoin({copies:Array(UInt32)}) AS copy FROM seed_narrow)
SETTINGS
    max_threads = 1, max_insert_threads = 1, min_insert_block_size_rows = 10000000, min_insert_block_size_bytes = 0,
    max_insert_block_size = 10000000
