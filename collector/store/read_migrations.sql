-- The oldest first.
SELECT name FROM migrations FINAL ORDER BY name
