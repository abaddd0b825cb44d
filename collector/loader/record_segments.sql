-- Segments that were counted and verified; what reads spans incrementally follows this table.
INSERT INTO segments (segment, signal, received_day, rows, verified)
SELECT pair.1, {signal:String}, {day:Date}, pair.2, now64(6)
FROM (SELECT arrayJoin(arrayZip({segments:Array(String)}, {rows:Array(UInt64)})) AS pair)
