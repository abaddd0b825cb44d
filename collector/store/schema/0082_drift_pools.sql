-- Series that are watched together. A series that is too sparse for a reference of its own has in `reference` what was usual
-- of it until `usual_until`; `pool` is the series that it is part of, 0 for none.
ALTER TABLE drift_references
    ADD COLUMN IF NOT EXISTS usual_until DateTime('UTC') DEFAULT 0,
    ADD COLUMN IF NOT EXISTS pool UInt64 DEFAULT 0
