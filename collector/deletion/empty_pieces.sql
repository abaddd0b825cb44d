-- Forgets what a count of hours for drift left when it was killed: nothing is counted while something is deleted.
TRUNCATE TABLE drift_pieces
