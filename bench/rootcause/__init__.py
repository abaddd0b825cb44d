"""How often root causes over many traces are right: recorded faults of a shop, by pod."""
