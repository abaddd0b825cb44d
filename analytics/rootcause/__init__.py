"""Root causes over many traces: what failing traces have, and passing ones of the same root have not."""
