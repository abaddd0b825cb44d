-- Whether a trace has begun where its spans say it has: spans without a parent, and parents that its spans name and
-- that are not there. What was assembled lately is found by its version.
ALTER TABLE traces
    ADD COLUMN IF NOT EXISTS roots UInt32,
    ADD COLUMN IF NOT EXISTS missing_parents UInt32,
    ADD INDEX IF NOT EXISTS version_index version TYPE minmax GRANULARITY 1
