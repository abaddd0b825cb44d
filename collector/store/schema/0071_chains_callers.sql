-- Which span of another trace the failed root links to: who called it across traces, or what it was made of.
ALTER TABLE chains
    ADD COLUMN IF NOT EXISTS caller_trace_id FixedString(16) AFTER root_failed,
    ADD COLUMN IF NOT EXISTS caller_span_id FixedString(8) AFTER caller_trace_id;
