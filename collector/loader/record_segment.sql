-- A segment that was counted and verified; what reads spans incrementally follows this table.
INSERT INTO segments (segment, signal, received_day, rows, verified)
VALUES ({segment:String}, {signal:String}, {day:Date}, {rows:UInt64}, now64(6))
