"""What spans that ended tell of work that has not: what is missing, and what was asked for last."""
