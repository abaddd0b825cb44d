-- Parts that were replaced until some second and are still on disk; those replaced later are younger copies.
SELECT count() AS parts
FROM system.parts
WHERE database = currentDatabase() AND NOT active
    AND table IN ('spans', 'span_logs', 'contents', 'steps', 'traces', 'open_spans', 'trace_hours', 'chains', 'contract_calls', 'drift_steps', 'drift_pieces')
    AND remove_time <= fromUnixTimestamp({deleted:UInt32})
