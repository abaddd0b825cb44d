-- Forgets what was kept of the hours that were counted.
TRUNCATE TABLE {table:Identifier}
