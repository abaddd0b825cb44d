-- The pieces that a copy's spans name.
INSERT INTO contents (received_day, project, hash, text)
SELECT {day:Date}, project, sipHash128(hash, copy), text
FROM (SELECT *, arrayJoin({copies:Array(UInt32)}) AS copy FROM seed_contents)
