-- Series that are watched together: `pool` is the series that one is part of, 0 for none; `usual` what was usual of it in its
-- first reference, until `usual_until`, whether or not that sufficed to watch it alone.
ALTER TABLE drift_references
    ADD COLUMN IF NOT EXISTS usual_until DateTime('UTC') DEFAULT 0,
    ADD COLUMN IF NOT EXISTS usual String DEFAULT '' CODEC(ZSTD(3)),
    ADD COLUMN IF NOT EXISTS pool UInt64 DEFAULT 0
