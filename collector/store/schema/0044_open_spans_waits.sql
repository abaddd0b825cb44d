-- Who waits for whom, now: the session tells instances of an agent apart, and whom a hand-off is for.
ALTER TABLE open_spans
    ADD COLUMN IF NOT EXISTS session SimpleAggregateFunction(anyLast, String) AFTER model,
    ADD COLUMN IF NOT EXISTS handoff_to SimpleAggregateFunction(anyLast, String) AFTER session,
    ADD COLUMN IF NOT EXISTS wait_resource SimpleAggregateFunction(anyLast, String) AFTER wait_reason,
    ADD COLUMN IF NOT EXISTS wait_needed SimpleAggregateFunction(anyLast, Nullable(UInt64)) AFTER wait_resource,
    ADD COLUMN IF NOT EXISTS wait_timeout_s SimpleAggregateFunction(anyLast, Nullable(Float64)) AFTER wait_needed,
    ADD COLUMN IF NOT EXISTS holds SimpleAggregateFunction(anyLast, String) AFTER wait_timeout_s,
    ADD COLUMN IF NOT EXISTS holds_capacity SimpleAggregateFunction(anyLast, Nullable(UInt64)) AFTER holds;
