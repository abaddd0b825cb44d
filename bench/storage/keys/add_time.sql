-- Laminar: what lists read, a second time, by time.
ALTER TABLE {table:Identifier} ADD PROJECTION by_time (
    SELECT project, trace_id, span_id, name, kind, agent, start, status, error_message
    ORDER BY (project, start))
