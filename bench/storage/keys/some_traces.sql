-- Traces of any day.
SELECT lower(hex(trace_id)) AS trace FROM places
ORDER BY sipHash64(trace_id, 7)
LIMIT {traces:UInt32}
