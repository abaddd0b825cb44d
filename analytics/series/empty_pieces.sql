-- Forgets the pieces of the hours that were counted.
TRUNCATE TABLE drift_pieces
