-- Of a series without a reference: how many calls each of the last days before `tallied_until` had, and of how many traces, the
-- latest day last.
ALTER TABLE drift_references
    ADD COLUMN IF NOT EXISTS tallied_until DateTime('UTC') DEFAULT 0,
    ADD COLUMN IF NOT EXISTS day_calls Array(UInt32) DEFAULT [],
    ADD COLUMN IF NOT EXISTS day_traces Array(UInt32) DEFAULT []
