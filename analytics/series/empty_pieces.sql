-- Forgets the pieces of the hour that was counted.
TRUNCATE TABLE drift_pieces
