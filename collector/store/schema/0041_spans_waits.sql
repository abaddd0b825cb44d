-- What a wait is for, and when it gives up; locks that are held; whether two calls are the same.
ALTER TABLE spans
    ADD COLUMN IF NOT EXISTS input_hash UInt64 AFTER input_preview,
    ADD COLUMN IF NOT EXISTS output_hash UInt64 AFTER output_preview,
    ADD COLUMN IF NOT EXISTS wait_resource String AFTER wait_reason,
    ADD COLUMN IF NOT EXISTS wait_needed Nullable(UInt64) AFTER wait_resource,
    ADD COLUMN IF NOT EXISTS wait_timeout_s Nullable(Float64) AFTER wait_needed,
    ADD COLUMN IF NOT EXISTS holds String AFTER wait_timeout_s,
    ADD COLUMN IF NOT EXISTS holds_capacity Nullable(UInt64) AFTER holds;
