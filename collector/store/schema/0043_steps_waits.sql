-- As in `spans`.
ALTER TABLE steps
    ADD COLUMN IF NOT EXISTS input_hash UInt64 AFTER attempt,
    ADD COLUMN IF NOT EXISTS output_hash UInt64 AFTER input_hash,
    ADD COLUMN IF NOT EXISTS wait_resource String AFTER wait_reason,
    ADD COLUMN IF NOT EXISTS wait_needed Nullable(UInt64) AFTER wait_resource,
    ADD COLUMN IF NOT EXISTS wait_timeout_s Nullable(Float64) AFTER wait_needed,
    ADD COLUMN IF NOT EXISTS holds String AFTER wait_timeout_s,
    ADD COLUMN IF NOT EXISTS holds_capacity Nullable(UInt64) AFTER holds;
