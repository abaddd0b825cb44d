-- Ends deletions that nobody waits for any more: the engine would go on with them, also after a restart.
KILL MUTATION WHERE database = currentDatabase() AND NOT is_done SYNC
