-- Segments that were counted and verified; what reads spans incrementally follows this table.
INSERT INTO segments (segment, signal, received_day, rows, verified)
SELECT pair.1, {signal:String}, {day:Date}, pair.2,
    -- never before what is there: a clock that is set back must not hide segments from those who follow
    greatest(now64(6), (SELECT max(verified) + toIntervalMicrosecond(1) FROM segments))
FROM (SELECT arrayJoin(arrayZip({segments:Array(String)}, {rows:Array(UInt64)})) AS pair)
