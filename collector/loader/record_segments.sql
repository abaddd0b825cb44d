-- Segments that were counted and verified; what reads spans incrementally follows this table.
INSERT INTO verified_segments (segment, signal, received_day, rows, verified)
SELECT entry.1, {signal:String}, {day:Date}, entry.2,
    -- never before what is there: a clock that is set back must not hide segments from those who follow
    greatest(now64(6), (SELECT max(verified) FROM verified_segments)) + toIntervalMicrosecond(entry.3)
FROM (
    SELECT arrayJoin(arrayZip({segments:Array(String)}, {rows:Array(UInt64)}, arrayEnumerate({segments:Array(String)}))) AS entry)
