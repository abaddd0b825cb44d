-- Traces of the newest full hour.
SELECT DISTINCT lower(hex(trace_id)) AS trace FROM places
WHERE minute < (SELECT max(minute) FROM places) - 600 AND minute > (SELECT max(minute) FROM places) - 3600
LIMIT {traces:UInt32}
