-- As in `spans`.
ALTER TABLE steps ADD COLUMN IF NOT EXISTS first_token_s Nullable(Float64) AFTER cost_usd;
