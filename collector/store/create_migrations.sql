-- Which migrations were applied, and when.
CREATE TABLE IF NOT EXISTS migrations
(
    name String,
    applied DateTime64(6, 'UTC') DEFAULT now64(6)
)
ENGINE = ReplacingMergeTree
ORDER BY name
