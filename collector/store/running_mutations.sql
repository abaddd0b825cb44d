-- How many parts a deletion is writing anew at the moment.
SELECT count() AS parts FROM system.merges WHERE database = currentDatabase() AND is_mutation
