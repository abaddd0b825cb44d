"""Who waits for whom: the wait-for graph, what in it can never go on, and the ring that is to blame. Pure."""
