"""Numbers and times in words. Pure."""
