-- When an hour was last noted: it goes with the spans that were received that day. Without an fsync a power
-- cut could bring back what was deleted.
ALTER TABLE trace_hours
    ADD COLUMN IF NOT EXISTS noted Date DEFAULT today(),
    MODIFY SETTING min_rows_to_fsync_after_merge = 1, min_compressed_bytes_to_fsync_after_merge = 1;
