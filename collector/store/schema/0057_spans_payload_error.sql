-- What the answer of a tool says of its own failure; '' where it says nothing of one.
ALTER TABLE spans ADD COLUMN IF NOT EXISTS payload_error LowCardinality(String) AFTER output_hash;
