-- A copy's segments, recorded before those of the seed: assembly has passed them.
INSERT INTO verified_segments
SELECT * EXCEPT copy REPLACE (
    lower(concat(
        leftPad(hex(reinterpretAsUInt64(reverse(unhex(substring(segment, 1, 12)))) - copy * {copy_s:UInt32} * 1000), 12, '0'),
        substring(segment, 13))) AS segment,
    {day:Date} AS received_day,
    verified - toIntervalSecond(copy * {copy_s:UInt32}) AS verified)
FROM (SELECT *, arrayJoin({copies:Array(UInt32)}) AS copy FROM seed_verified_segments)
