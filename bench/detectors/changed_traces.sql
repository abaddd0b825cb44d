-- The summaries of those traces, as assembly writes them.
INSERT INTO traces (project, trace_id, version, name, start, end, spans, open, status)
SELECT project, trace_id, max(version), argMin(name, depth), min(start), max(end), count(), 0, 'ok'
FROM steps
WHERE version >= {version:UInt64} AND version < {version:UInt64} + 120
GROUP BY project, trace_id
