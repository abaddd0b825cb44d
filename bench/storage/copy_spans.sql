-- Copies of the seed: ids of their own, each so many seconds before the one before, of segments of its own.
INSERT INTO spans
SELECT * EXCEPT copy REPLACE (
    lower(concat(
        leftPad(hex(reinterpretAsUInt64(reverse(unhex(substring(segment, 1, 12)))) - copy * {copy_s:UInt32} * 1000), 12, '0'),
        substring(segment, 13))) AS segment,
    {day:Date} AS received_day,
    received - toIntervalSecond(copy * {copy_s:UInt32}) AS received,
    sipHash128(trace_id, copy) AS trace_id,
    reinterpretAsFixedString(sipHash64(span_id, copy)) AS span_id,
    if(parent_span_id = toFixedString('', 8), parent_span_id,
        reinterpretAsFixedString(sipHash64(parent_span_id, copy))) AS parent_span_id,
    start - toIntervalSecond(copy * {copy_s:UInt32}) AS start,
    if(open, end, end - toIntervalSecond(copy * {copy_s:UInt32})) AS end,
    arrayMap(
        reference -> (reference.1, reference.2, reference.3,
            arrayMap(hash -> sipHash128(hash, copy), reference.4)),
        content_references) AS content_references)
FROM (SELECT *, arrayJoin({copies:Array(UInt32)}) AS copy FROM {seed:Identifier})
