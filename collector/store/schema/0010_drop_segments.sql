-- `verified_segments` has them.
DROP TABLE IF EXISTS segments
