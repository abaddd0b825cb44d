-- Spans of a trace that is too large to be assembled whole: those that began last.
ALTER TABLE traces ADD COLUMN IF NOT EXISTS spans_left_out UInt64
