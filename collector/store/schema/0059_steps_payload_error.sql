-- As in `spans`.
ALTER TABLE steps ADD COLUMN IF NOT EXISTS payload_error LowCardinality(String) AFTER error_message;
