-- Some spans of any day.
SELECT lower(hex(trace_id)) AS trace, lower(hex(span_id)) AS span
FROM steps
WHERE state != 'open'
ORDER BY sipHash64(trace_id, span_id, 7)
LIMIT 1 BY trace_id
LIMIT {spans:UInt32}
