-- Forgets what was kept of hours while they were counted.
TRUNCATE TABLE {table:Identifier}
