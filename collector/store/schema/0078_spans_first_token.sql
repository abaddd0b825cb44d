-- Seconds until the first piece of an answer came, where it was streamed and somebody took the time.
ALTER TABLE spans ADD COLUMN IF NOT EXISTS first_token_s Nullable(Float64) AFTER cost_usd;
