-- In which hours the traces stand that were just assembled, noted anew: no hour is forgotten before what stands
-- in it, however long ago its spans were received.
INSERT INTO trace_hours (project, trace_id, hour)
SELECT project, trace_id, toStartOfHour(min(start))
FROM steps
WHERE version = {version:UInt64}
GROUP BY project, trace_id
